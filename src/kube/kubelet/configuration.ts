import type { Finding } from '../../core/finding.js';
import { isList } from '../../core/json.js';
import { isOpaque } from '../opaque.js';
import type { Field, View } from '../types.js';
import { WEAK_CIPHERS } from './ciphers.js';
import { KUBELET_RULES, type KubeletRule } from './rules.js';

/** What is known of a file of settings beside what it says. */
export interface ConfigurationFacts {
  /** Whether it is for kubeadm, which writes what is not there: the CA of the cluster, rotation of certificates. */
  readonly isKubeadm: boolean;
  /** Whether a limit of process ids is asked for, which goes where there is none. */
  readonly limitsPids: boolean;
}

/** What there is to say of a `KubeletConfiguration`. */
export function* judgeConfiguration(object: View, facts: ConfigurationFacts): Iterable<Finding> {
  // Without a server nobody can ask anything of it.
  const hasServer = !object.get('enableServer').is(false);
  for (const rule of KUBELET_RULES) {
    if (rule.field === undefined || (rule.asksWho && !hasServer)) continue;
    if (rule.field === 'podPidsLimit' && facts.limitsPids) continue;
    const field = object.get(rule.field);
    if (isWeak(field, rule)) yield finding(object, rule.field, field, rule, facts);
  }
  yield* judgeCiphers(object);
  if (!hasServer) return;
  if (!facts.isKubeadm && object.get('authentication.x509.clientCAFile').state === 'absent') {
    yield report(
      object,
      'authentication.x509.clientCAFile',
      'no authentication.x509.clientCAFile: nobody is known by a certificate',
      {
        unless: 'the file of the authority has to be on all nodes first, or --client-ca-file names it already',
      },
    );
  }
  if (object.get('serverTLSBootstrap').is(true) || object.get('tlsCertFile').state !== 'absent') return;
  if (object.get('serverTLSBootstrap').state === 'opaque') return;
  yield report(object, 'serverTLSBootstrap', 'serverTLSBootstrap is not true: its certificate is signed by itself', {
    unless: 'somebody has to approve what kubelets ask for, or logs and exec stop working',
  });
}

function isWeak({ state, value }: Field, { weak }: KubeletRule): boolean {
  if (state === 'opaque' || typeof weak !== 'object') return false;
  // What nobody wrote is safe in a file, but for what only a person can decide.
  if (state === 'absent') return 'isNot' in weak && weak.isNot.includes('true');
  const text = String(value);
  if ('is' in weak) return weak.is.includes(text);
  return 'isNot' in weak && !weak.isNot.includes(text);
}

function finding(object: View, name: string, field: Field, rule: KubeletRule, facts: ConfigurationFacts): Finding {
  const { says, write, reason, evidence } = rule;
  const shown = field.state === 'set' ? `${name}: ${String(field.value)}` : `no ${name}`;
  const change = write === undefined ? [] : write === 'remove' ? [object.remove(name)] : [object.set(name, write.value)];
  const objection = rule.asksWho && objectionOf(object, rule, facts);
  return report(object, name, `${shown}: ${says}`, { changes: change, evidence, unless: objection || reason });
}

/** Why the API server might be turned away itself, or the kubelet not start. */
function objectionOf(object: View, { flag }: KubeletRule, { isKubeadm }: ConfigurationFacts): string | undefined {
  if (flag === 'authorization-mode' && object.get('registerNode').is(false)) {
    return 'registerNode: false speaks of a kubelet without a cluster, which does not start with Webhook';
  }
  if (isKubeadm || object.get('authentication.x509.clientCAFile').state !== 'absent') return undefined;
  return 'authentication.x509.clientCAFile is not set, so that the API server itself would be turned away; set it first';
}

interface Details {
  readonly changes?: Finding['changes'];
  readonly evidence?: string | undefined;
  readonly unless?: string | undefined;
}

function report(object: View, name: string, message: string, { changes = [], evidence, unless }: Details): Finding {
  const { state } = object.get(name);
  return {
    path: state === 'absent' ? object.path : object.at(name),
    subject: 'kubelet',
    message,
    risk: 'high',
    changes,
    ...(evidence !== undefined && { evidence }),
    ...(unless !== undefined && { unless }),
  };
}

/** CIS 4.2.12, kubescape C-0184. Where no strong suite is left, the list goes, so that those of Go are offered. */
function* judgeCiphers(object: View): Iterable<Finding> {
  const { value } = object.get('tlsCipherSuites');
  if (!isList(value) || value.some(isOpaque)) return;
  const weak = [...value.entries()].filter(([, suite]) => typeof suite === 'string' && WEAK_CIPHERS.includes(suite));
  if (weak.length === 0) return;
  const isAll = weak.length === value.length;
  yield report(object, 'tlsCipherSuites', `tlsCipherSuites: ${weak.map(([, suite]) => suite).join(', ')}: weak`, {
    changes: isAll ? [object.remove('tlsCipherSuites')] : weak.map(([position]) => object.remove(['tlsCipherSuites', position])),
    evidence: 'someone wrote it; clients without TLS 1.3 and without the others are turned away',
  });
}

/** What is added on request. */
export interface Wanted {
  readonly rotateCertificates: boolean;
  readonly seccompDefault: boolean;
  readonly podPidsLimit: number | undefined;
}

/**
 * What the file leaves weak where nobody says anything, added since it was asked for. What says otherwise is changed as well.
 * @param hasSeccompDefault whether all releases that the run is for know `seccompDefault` without a feature gate
 */
export function* judgeWanted(object: View, wanted: Wanted, hasSeccompDefault: boolean): Iterable<Finding> {
  const { rotateCertificates, seccompDefault, podPidsLimit } = wanted;
  const evidence = 'asked for';
  if (rotateCertificates && object.get('rotateCertificates').state === 'absent') {
    yield report(object, 'rotateCertificates', 'no rotateCertificates: the node drops out when its certificate ends', {
      changes: [object.set('rotateCertificates', true)],
      evidence,
    });
  }
  if (seccompDefault && isOtherThan(object.get('seccompDefault'), true)) {
    yield report(object, 'seccompDefault', 'seccompDefault is not true: pods that say nothing run without a seccomp profile', {
      changes: [object.set('seccompDefault', true)],
      evidence: `${evidence}; pods that say nothing get the profile of the runtime`,
      unless: seccompObjection(object, hasSeccompDefault),
    });
  }
  if (podPidsLimit === undefined) return;
  const limit = object.get('podPidsLimit');
  if (limit.state !== 'absent' && !(Number(limit.value) <= 0)) return;
  yield report(object, 'podPidsLimit', 'no podPidsLimit: one pod can take all process ids of the node', {
    changes: [object.set('podPidsLimit', podPidsLimit)],
    evidence: `${evidence}; a pod with more processes cannot start another one`,
  });
}

/** https://kubernetes.io/docs/reference/command-line-tools-reference/feature-gates-removed/ has the gate until 1.28. */
function seccompObjection(object: View, hasSeccompDefault: boolean): string | undefined {
  if (!hasSeccompDefault) return 'before Kubernetes 1.25 a kubelet does not start with it unless a feature gate is open';
  const { state } = object.get('featureGates.SeccompDefault');
  if (state === 'absent' || object.get('featureGates.SeccompDefault').is(true)) return undefined;
  return 'featureGates.SeccompDefault is closed, and a kubelet does not start with both; take the gate out first';
}

function isOtherThan(field: Field, value: boolean): boolean {
  return field.state === 'absent' || (field.state === 'set' && !field.is(value));
}
