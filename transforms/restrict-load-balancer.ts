import type { Finding } from '../src/core/finding.js';
import { finding, report } from '../src/kube/finding.js';
import { readRange } from '../src/kube/network/cidr.js';
import { isEverybody, isInternal, otherRanges, RANGES_ANNOTATION, writtenRanges } from '../src/kube/network/load-balancers.js';
import { names } from '../src/kube/settings.js';
import { defineTransform } from '../src/kube/types.js';

/**
 * A Service of type `LoadBalancer` is reached from the whole internet unless it says from where. Who should reach it is known to
 * people alone: `--set restrict-load-balancer.ranges=203.0.113.0/24,2001:db8::/32` writes `loadBalancerSourceRanges` where there are
 * none; without it the Service is reported. So is a range of all addresses that someone wrote.
 *
 * A load balancer that only the cloud's own network reaches is left alone, by the annotations of AWS, Google, Azure, Oracle, OpenStack,
 * Hetzner, Alibaba and IBM. So is one of AWS Load Balancer Controller that states no scheme, since that makes it internal.
 *
 * ## Risk
 * High: whoever comes from elsewhere is kept out, health checks and proxies in front included. Not every load balancer heeds the ranges;
 * the cloud's documentation says so. No change is offered where an annotation of the cloud says who may come, nor where the class of
 * the load balancer is someone's own.
 *
 * ## References
 * - [Specify loadBalancerSourceRanges](https://kubernetes.io/docs/concepts/services-networking/service/#loadbalancer)
 */
export const restrictLoadBalancer = defineTransform({
  id: 'restrict-load-balancer',
  title: 'Restrict who reaches a LoadBalancer Service',
  risk: 'high',
  settings: {
    ranges: names('from where load balancers are reached', 'ranges such as 203.0.113.0/24 or 2001:db8::/32', (text) => {
      const range = readRange(text);
      // Of all addresses there is nothing to restrict.
      return range === undefined || range.bits === 0 ? undefined : range.text;
    }),
  },
  objects: {
    kinds: [{ group: '', kind: 'Service' }],
    *check({ object }, { ranges = [] }): Iterable<Finding> {
      if (!object.get('spec.type').is('LoadBalancer') || isInternal(object)) return;
      const field = object.get('spec.loadBalancerSourceRanges');
      const annotation = object.get(['metadata', 'annotations', RANGES_ANNOTATION]);
      const written = writtenRanges(field.value);
      const used = written === undefined ? annotation : field;
      const everybody = writtenRanges(used.value)?.find(isEverybody);
      if (everybody !== undefined) {
        yield report(object, `everybody reaches it: ${everybody}`, WRITTEN, used.path);
        return;
      }
      if (written !== undefined || writtenRanges(annotation.value) !== undefined || annotation.state === 'opaque') return;
      const other = otherRanges(object);
      const loadBalancerClass = object.get('spec.loadBalancerClass');
      yield finding(object, 'everybody reaches it: no loadBalancerSourceRanges', {
        changes: ranges.length === 0 ? [] : [object.set('spec.loadBalancerSourceRanges', ranges)],
        risk: 'high',
        evidence: 'whoever comes from elsewhere is kept out',
        unless:
          (other !== undefined && `the annotation ${other} is there, and says who may come in the words of the cloud`) ||
          (loadBalancerClass.state !== 'absent' && CLASS) ||
          (ranges.length === 0 && UNKNOWN),
      });
    },
  },
});

const WRITTEN = 'someone wrote it; write the ranges that are meant, or make it internal';
const CLASS = 'its loadBalancerClass is of a controller that need not heed ranges; say there who may come';
const UNKNOWN = 'who should reach it is not in the files; set restrict-load-balancer.ranges, or make it internal';
