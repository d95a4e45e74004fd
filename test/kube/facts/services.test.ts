import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/core/json.js';
import { findLowPort } from '../../../src/kube/decisions/low-port.js';
import { createRepoIndex } from '../../../src/kube/repo-index.js';
import type { ContainerView } from '../../../src/kube/types.js';
import { contextOf } from '../decisions/container.js';

const METADATA: JsonObject = { labels: { app: 'web', tier: 'front' } };

function lowPortWith(spec: JsonObject, container: JsonObject = {}, { file = 'apps/web/svc.yaml', namespace = '' } = {}) {
  const index = createRepoIndex();
  const metadata = { name: 'web', ...(namespace && { namespace }) };
  index.add(file, 1, { apiVersion: 'v1', kind: 'Service', metadata, spec });
  const { containers, pod } = contextOf(container, {}, { metadata: METADATA, index });
  return findLowPort(containers[0] as ContainerView, pod);
}

describe('a Service', () => {
  const selector = { app: 'web' };

  it.each<[number | undefined, JsonObject]>([
    [80, { selector, ports: [{ port: 80 }] }],
    [443, { selector, ports: [{ port: 8443, targetPort: 443 }] }],
    [80, { selector, ports: [{ port: 443 }, { port: 80 }] }],
    [undefined, { selector, ports: [{ port: 80, targetPort: 8080 }] }],
    [undefined, { selector, ports: [{ port: 80, targetPort: 'http' }] }],
    [undefined, { selector: { app: 'other' }, ports: [{ port: 80 }] }],
    [undefined, { selector: { app: 'web', tier: 'back' }, ports: [{ port: 80 }] }],
    [undefined, { ports: [{ port: 80 }] }],
    [undefined, { selector: 'web', ports: 80 }],
  ])('tells of port %s: %j', (port, spec) => {
    expect(lowPortWith(spec)).toBe(port);
  });

  it('tells nothing of a container that declares its ports, nor of another application', () => {
    const spec = { selector, ports: [{ port: 80 }] };
    expect(lowPortWith(spec, { ports: [{ containerPort: 8080 }] })).toBeUndefined();
    expect(lowPortWith(spec, {}, { file: 'apps/other/svc.yaml' })).toBeUndefined();
    expect(lowPortWith(spec, {}, { namespace: 'shop' })).toBe(80);
  });
});
