import { expect, it } from 'vitest';
import type { Json, JsonObject } from '../../src/core/json.js';
import { createRepoIndex } from '../../src/kube/repo-index.js';
import { SUPPORTED_RANGE } from '../../src/kube/versions/versions.js';
import { transforms } from '../../transforms/registry.js';
import { viewObject } from '../kube/view-object.js';
import { deploymentOf } from './evaluate.js';

/** A pod of many containers, each of which lacks everything. */
function podOf(count: number): JsonObject {
  const containers = Array.from({ length: count }, (_, at) => ({
    name: `c${at % 2 === 0 ? at : ''}`,
    image: at % 3 === 0 ? 'nginx:1.27' : 'ghcr.io/acme/web:1',
    args: ['--port=80'],
    ports: [{ containerPort: 80 }],
    volumeMounts: [
      { name: `v${at}`, mountPath: `/data/${at}` },
      { name: 'shared', mountPath: '/shared' },
    ],
    securityContext: {
      privileged: at % 7 === 0,
      capabilities: { add: ['SYS_ADMIN'] },
      ...(at % 5 === 0 && { seccompProfile: { type: 'Unconfined' } }),
    },
  }));
  const own = containers.map((_, at) => ({ name: `v${at}`, emptyDir: {} }));
  return deploymentOf({ containers, volumes: [...own, { name: 'shared', emptyDir: {} }] });
}

/** The value, which says of every look into it that there was one. */
function watch(value: JsonObject, look: () => void): JsonObject {
  const watched = new WeakMap<object, object>();
  const wrap = (inner: unknown): unknown => {
    if (typeof inner !== 'object' || inner === null) return inner;
    let proxy = watched.get(inner);
    if (proxy === undefined) {
      proxy = new Proxy(inner, {
        get(target, key) {
          look();
          return wrap(Reflect.get(target, key));
        },
      });
      watched.set(inner, proxy);
    }
    return proxy;
  };
  return wrap(value) as JsonObject;
}

const SIZE = 100;

it.each(transforms.map((transform) => [transform.id, transform] as const))(
  '%s looks no more often at each container of a large pod than at each of a small one',
  (_, transform) => {
    const looksAt = (count: number) => {
      let looks = 0;
      const value: Json = watch(podOf(count), () => looks++);
      const ref = { file: 'x.yaml', document: 0, root: [], line: 1, apiVersion: 'apps/v1', kind: 'Deployment' };
      const demands = { versions: SUPPORTED_RANGE, level: undefined, asks: () => true };
      const context = viewObject({ ref, value }, createRepoIndex(), () => false, demands);
      if (context === undefined) throw new Error('no pod');
      for (const _finding of transform.check(context));
      return looks;
    };
    const few = looksAt(SIZE);
    // What grows with the square would be twenty-five times as much.
    expect(looksAt(SIZE * 5)).toBeLessThan(few * 7);
  },
);
