import { needsToken } from '../src/kube/decisions/token.js';
import { finding } from '../src/kube/finding.js';
import { defineTransform } from '../src/kube/types.js';

/**
 * The token of its account is mounted into every pod unless pod or account say no: whoever breaks into one container may speak to the
 * API server with it.
 *
 * ## Risk
 * Medium where no binding to the account is in the files at hand, which is no proof that there is none; low where the images are also
 * known not to call the API; high where something hints that they do, and where someone wrote `true`. The token stays where a
 * binding, an identity, a projected token, an injected container or the image itself shows that it is used.
 *
 * ## References
 * - [Configure service accounts for pods](https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/)
 * - [NSA/CISA Kubernetes Hardening Guidance: protecting pod service account tokens](https://media.defense.gov/2022/Aug/29/2003066362/-1/-1/0/CTR_KUBERNETES_HARDENING_GUIDANCE_1.2_20220829.PDF)
 */
export const disableTokenAutomount = defineTransform({
  id: 'disable-token-automount',
  title: 'Set automountServiceAccountToken: false where no token is used',
  risk: 'medium',
  writtenWords: ['automountServiceAccountToken'],
  *check(context) {
    const { pod, index, ref } = context;
    const automount = pod.get('automountServiceAccountToken');
    const account = pod.serviceAccountName;
    if (automount.is(false)) return;
    // The pod's value wins over the account's; one that says nothing takes it.
    const isOff = account !== undefined && index.account(ref, account)?.automount === false;
    if (automount.state === 'absent' && isOff) return;
    const isWritten = automount.state === 'set';
    const { answer, risk, evidence } = needsToken(context);
    yield finding(pod, isWritten ? `automountServiceAccountToken: ${automount.value}` : 'token mounted', {
      changes: answer.kept === undefined ? [pod.set('automountServiceAccountToken', false)] : [],
      risk: isWritten ? 'high' : risk,
      evidence: isWritten ? ['someone wrote it', ...evidence] : evidence,
      ...answer.kept,
    });
  },
});
