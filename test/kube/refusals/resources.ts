import { container, deployment, pod, sized } from './objects.js';
import type { Row } from './row.js';

const HALF = container({ resources: { requests: { cpu: '600m' } } });

export const resources: readonly Row[] = [
  ['a request above the limit', 'request-above-limit', sized({ cpu: '100m' }, { cpu: '200m' })],
  ['a request above a limit in other units', 'request-above-limit', sized({ memory: '1G' }, { memory: '1Gi' })],
  ['a limit of null is one of 0', 'request-above-limit', sized({ cpu: null }, { cpu: 1 })],
  [
    'a request above the limit in a template',
    'request-above-limit',
    deployment({ containers: [container({ resources: { limits: { cpu: 1 }, requests: { cpu: 2 } } })] }),
  ],
  ['a device with a request below its limit', 'request-not-limit', sized({ 'nvidia.com/gpu': 2 }, { 'nvidia.com/gpu': 1 })],
  ['a device without a limit', 'resource-without-limit', sized({}, { 'nvidia.com/gpu': 1 })],
  ['half a device', 'whole-resource', sized({ 'nvidia.com/gpu': '500m' })],
  ['a resource that is none', 'resource-name', sized({ gpu: 1 })],
  ['huge pages alone', 'huge-pages', sized({ 'hugepages-2Mi': '4Mi' })],
  ['huge pages that do not fit', 'huge-pages', sized({ 'hugepages-2Mi': '3Mi', memory: '1Gi' })],
  [
    'huge pages with a request below the limit',
    'request-not-limit',
    sized({ 'hugepages-2Mi': '4Mi', cpu: 1 }, { 'hugepages-2Mi': '2Mi' }),
  ],
  ['huge pages without a limit', 'resource-without-limit', sized({ cpu: 1 }, { 'hugepages-2Mi': '2Mi' })],
  ['a quantity that is none', 'invalid-quantity', sized({ cpu: '1 core' })],
  ['a boolean for a quantity', 'invalid-quantity', sized({ cpu: true })],
  ['a quantity below 0', 'invalid-quantity', sized({ memory: '-1Mi' })],
  [
    'containers that request more than the pod',
    'pod-resources',
    pod({ resources: { requests: { cpu: 1 } }, containers: [HALF, { ...HALF, name: 'b' }] }),
  ],
  [
    'containers that request more than the pod may have',
    'request-above-limit',
    pod({ resources: { limits: { cpu: 1 } }, containers: [HALF, { ...HALF, name: 'b' }] }),
  ],
  [
    'the same in the Pod of a template, by limits',
    ['pod-resources', 'request-above-limit'],
    deployment({ resources: { limits: { cpu: 1 } }, containers: [container({ resources: { limits: { cpu: 2 } } })] }),
  ],
  [
    'a limit above that of the pod',
    'pod-resources',
    pod({
      resources: { limits: { cpu: 1 } },
      containers: [container({ resources: { limits: { cpu: 2 }, requests: { cpu: 1 } } })],
    }),
  ],
  [
    'an init container with sidecars that requests more than the pod',
    'pod-resources',
    pod({
      resources: { requests: { cpu: 1 } },
      initContainers: [
        { ...HALF, name: 's', restartPolicy: 'Always' },
        { ...HALF, name: 'i' },
      ],
    }),
  ],
  ['a resource that pods do not have', 'resource-name', pod({ resources: { limits: { 'ephemeral-storage': '1Gi', cpu: 1 } } })],
  ['claims of the pod', 'pod-resources', pod({ resources: { claims: [] } })],
];
