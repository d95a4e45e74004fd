import { isList, type Json } from '../../core/json.js';
import type { View } from '../types.js';

/** Says the ranges as `loadBalancerSourceRanges` does, which wins where both are there. */
export const RANGES_ANNOTATION = 'service.beta.kubernetes.io/load-balancer-source-ranges';

/**
 * Annotations by which clouds make a load balancer that only their own network reaches, with the values that say so.
 *
 * - AWS: https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/service/annotations/
 * - Google: https://cloud.google.com/kubernetes-engine/docs/concepts/service-load-balancer-parameters
 * - Azure: https://cloud-provider-azure.sigs.k8s.io/topics/loadbalancer/
 * - Hetzner: https://github.com/hetznercloud/hcloud-cloud-controller-manager/blob/main/docs/reference/load_balancer_annotations.md
 * - Oracle, OpenStack, Alibaba and IBM: the pages of their controllers
 */
const INTERNAL: readonly (readonly [annotation: string, says: RegExp])[] = [
  ['service.beta.kubernetes.io/aws-load-balancer-scheme', /^internal$/],
  ['service.beta.kubernetes.io/aws-load-balancer-internal', /^(?!false$)./],
  ['networking.gke.io/load-balancer-type', /^internal$/i],
  ['cloud.google.com/load-balancer-type', /^internal$/i],
  ['service.beta.kubernetes.io/azure-load-balancer-internal', /^true$/i],
  ['service.beta.kubernetes.io/oci-load-balancer-internal', /^true$/i],
  ['service.beta.kubernetes.io/openstack-internal-load-balancer', /^true$/i],
  ['service.beta.kubernetes.io/alibaba-cloud-loadbalancer-address-type', /^intranet$/],
  ['load-balancer.hetzner.cloud/disable-public-network', /^true$/i],
  ['service.kubernetes.io/ibm-load-balancer-cloud-provider-ip-type', /^private$/],
];

/** Annotations by which a cloud takes ranges, or something like them, of its own sort. */
const OTHER_RANGES: readonly string[] = [
  'service.beta.kubernetes.io/azure-allowed-ip-ranges',
  'service.beta.kubernetes.io/azure-allowed-service-tags',
  'service.beta.kubernetes.io/aws-load-balancer-security-groups',
  'service.beta.kubernetes.io/aws-load-balancer-security-group-prefix-lists',
];

/**
 * Whether the load balancer is one of AWS Load Balancer Controller that says nothing of its scheme: it is internal then, since 2.2.
 * https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/service/nlb/
 */
function isInternalByDefault(service: View): boolean {
  const annotation = (name: string) =>
    service.get(['metadata', 'annotations', `service.beta.kubernetes.io/aws-load-balancer-${name}`]);
  const type = annotation('type');
  const isOfController =
    type.is('external') || type.is('nlb-ip') || service.get('spec.loadBalancerClass').is('service.k8s.aws/nlb');
  return isOfController && annotation('scheme').state === 'absent' && annotation('internal').state === 'absent';
}

/** Whether only the cloud's own network reaches it, or a variable may say so. */
export function isInternal(service: View): boolean {
  if (isInternalByDefault(service)) return true;
  return INTERNAL.some(([annotation, says]) => {
    const field = service.get(['metadata', 'annotations', annotation]);
    return field.state === 'opaque' || (typeof field.value === 'string' && says.test(field.value));
  });
}

/** The annotation by which a cloud is told who may come, where there is one. */
export function otherRanges(service: View): string | undefined {
  return OTHER_RANGES.find((annotation) => service.get(['metadata', 'annotations', annotation]).state !== 'absent');
}

/** Who is let in, as it is written; `undefined` where nobody says, and all are. */
export function writtenRanges(value: Json | undefined): readonly string[] | undefined {
  const list = typeof value === 'string' ? value.split(',') : isList(value) ? value : [];
  const ranges = list.filter((item) => typeof item === 'string').map((item) => item.trim());
  return ranges.some((range) => range !== '') ? ranges : undefined;
}

/** Whether a range is that of all addresses. */
export function isEverybody(range: string): boolean {
  return /^[0.:]+\/0$/.test(range);
}
