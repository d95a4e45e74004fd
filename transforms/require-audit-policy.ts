import type { Finding } from '../src/core/finding.js';
import { isList, isObject, type Json, type JsonObject } from '../src/core/json.js';
import { report } from '../src/kube/finding.js';
import { isOpaque } from '../src/kube/opaque.js';
import { defineTransform, type View } from '../src/kube/types.js';

/**
 * The API server logs what an audit `Policy` (`audit.k8s.io`) tells it to: the first rule that is for a request says how much, and `None`
 * is nothing. Reported is a policy by which nothing is ever logged, and a rule for everything with `None` before other rules, which are
 * never asked then. At the end such a rule is what holds anyway.
 *
 * ## Risk
 * Nothing is changed: how much to log is a matter of what has to be looked into later, and of space. `level: Metadata` for everything is
 * a beginning; bodies of requests to Secrets, ConfigMaps and TokenReviews must not be logged.
 *
 * ## References
 * - [Auditing: audit policy](https://kubernetes.io/docs/tasks/debug/debug-cluster/audit/#audit-policy)
 * - [Policy (audit.k8s.io/v1)](https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/#audit-k8s-io-v1-Policy)
 */
export const requireAuditPolicy = defineTransform({
  id: 'require-audit-policy',
  title: 'Report audit policies that log nothing',
  risk: 'report',
  objects: {
    kinds: [{ group: 'audit.k8s.io', kind: 'Policy' }],
    *check({ object }) {
      yield* judge(object);
    },
  },
});

/** What a rule is for. Where nothing of it is said, it is for everything. */
const CONDITIONS = ['users', 'userGroups', 'verbs', 'resources', 'namespaces', 'nonResourceURLs'];

const REASON = 'what has to be logged is for a person to decide; level: Metadata for everything is a beginning';
const NOTHING = 'nothing is ever logged: every rule that is asked has level None';

function* judge(object: View): Iterable<Finding> {
  const { state, value } = object.get('rules');
  if (state === 'opaque' || (isList(value) && value.some(isHidden))) return;
  const rules = isList(value) ? value.filter(isObject) : [];
  if (isList(value) && rules.length < value.length) return;
  const last = rules.findIndex(isForAll);
  const asked = last < 0 ? rules : rules.slice(0, last + 1);
  const left = rules.length - asked.length;
  if (asked.every(({ level }) => level === 'None')) {
    const says = rules.length === 0 ? 'no rule: the API server does not start with it' : NOTHING;
    yield report(object, says, REASON, object.at(last >= 0 ? ['rules', last] : state === 'absent' ? [] : ['rules']));
  } else if (left > 0 && asked.at(-1)?.level === 'None') {
    const behind = left === 1 ? 'the rule behind it is' : `the ${left} rules behind it are`;
    yield report(object, `level None for everything: ${behind} never asked`, REASON, object.at(['rules', last]));
  }
}

function isForAll(rule: JsonObject): boolean {
  return CONDITIONS.every((condition) => isEmpty(rule[condition]));
}

function isEmpty(value: Json | undefined): boolean {
  return value === undefined || value === null || (isList(value) && value.length === 0);
}

/** Whether another tool fills in for what a rule is, or what it says. */
function isHidden(rule: Json): boolean {
  return isOpaque(rule) || (isObject(rule) && Object.values(rule).some(isOpaque));
}
