import { isAtOrBeneath, type Path } from '../../src/core/json.js';
import type { Container } from './pod.js';
import { CONTAINER_RULES, POD_RULES, type PodAndAccount, type Rule } from './rules.js';

/**
 * What became of a statement.
 *
 * - `same`: it is said again, or what it shuts is shut;
 * - `open`: what must stay open is, and a value that sets something is not overruled;
 * - `weaker`: what it shuts is open;
 * - `contradiction`: what we set says the opposite.
 */
export type Class = 'same' | 'open' | 'weaker' | 'contradiction';

/** `setting`: neither opens nor shuts anything, but another value may be wrong. */
type Sort = 'need' | 'hardening' | 'setting';

/** What one container, or the pod, says of one field. */
export interface Statement {
  /** From the root of the object. */
  readonly path: Path;
  /** `pod`, `container web`. */
  readonly subject: string;
  /** Of the container; `''` where the pod says it. */
  readonly image: string;
  readonly field: string;
  readonly sort: Sort;
  readonly theirs: string;
  readonly transforms: readonly string[];
  readonly class: Class;
  /** What we set, where that is a contradiction. */
  readonly ours?: string;
}

export interface Comparison {
  readonly statements: readonly Statement[];
  /** Fields of which they say nothing, and that we harden, once for each container or pod. */
  readonly stronger: readonly string[];
}

/** Their pod, field by field, with what we made of it without knowing what it said. */
export function comparePods(theirs: PodAndAccount, ours: PodAndAccount): Comparison {
  const statements: Statement[] = [];
  const stronger: string[] = [];
  const compare = <View extends { readonly path: Path }>(rules: readonly Rule<View>[], views: Views<View>) => {
    for (const rule of rules) {
      const found = judge(rule, views);
      statements.push(...found);
      if (found.length === 0 && rule.hardening?.(views.ours) !== undefined) stronger.push(rule.field);
    }
  };
  for (const container of theirs.containers) {
    const same = ours.containers.find(({ path }) => path.join('/') === container.path.join('/'));
    if (same === undefined) throw new Error(`${container.subject} is gone`);
    const { subject, image } = container;
    compare<Container>(CONTAINER_RULES, { theirs: container, ours: same, subject, image });
  }
  compare<PodAndAccount>(POD_RULES, { theirs, ours, subject: 'pod', image: '' });
  return { statements, stronger };
}

interface Views<View> {
  readonly theirs: View;
  readonly ours: View;
  readonly subject: string;
  readonly image: string;
}

const SORTS: readonly Sort[] = ['need', 'hardening', 'setting'];

function judge<View extends { readonly path: Path }>(
  rule: Rule<View>,
  { theirs, ours, subject, image }: Views<View>,
): readonly Statement[] {
  const said = SORTS.flatMap((sort) => {
    const text = rule[sort]?.(theirs);
    return text === undefined ? [] : [{ sort, text }];
  });
  const denied = rule.contradiction(theirs, ours);
  return said.map(({ sort, text }, at) => {
    // A field that opens one thing and shuts another is contradicted once.
    const isDenied = denied !== undefined && at === 0;
    const isShut = sort === 'hardening' && (rule.isMadeAgain?.(theirs, ours) ?? false);
    const kept = sort === 'hardening' ? (isShut ? 'same' : 'weaker') : 'open';
    return {
      path: theirs.path,
      subject,
      image,
      field: rule.field,
      sort,
      theirs: text,
      transforms: rule.transforms,
      class: isDenied ? 'contradiction' : kept,
      ...(isDenied && { ours: denied }),
    };
  });
}

/** Whether the maintainers said anything: a binding is not in the manifest, and `privileged: false` is what everyone has. */
export function saysSomething(pod: PodAndAccount): boolean {
  const { statements } = comparePods({ ...pod, binding: undefined }, pod);
  return statements.length > 0;
}

/** Whether a finding at `path` is about the statement: about its container, or about the pod for all of them. */
export function isAbout(statement: Pick<Statement, 'path'>, podPath: Path, path: Path): boolean {
  return isAtOrBeneath(path, statement.path) || path.length <= podPath.length;
}
