import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/core/json.js';
import { chooseUsers, findRefusal, startsAsRoot } from '../../../src/kube/decisions/user-id.js';
import { createCatalogue } from '../../../src/kube/images/catalogue.js';
import type { ImageEntry, NonRootFacts } from '../../../src/kube/images/types.js';
import { createRepoIndex } from '../../../src/kube/repo-index.js';
import type { ContainerView } from '../../../src/kube/types.js';
import { SUPPORTED_RANGE } from '../../../src/kube/versions/versions.js';
import { deployment } from '../../transforms/evaluate.js';
import { viewObject } from '../view-object.js';
import { contextOf } from './container.js';

function viewOf(container: JsonObject, pod: JsonObject = {}): ContainerView {
  const value = deployment(container, pod);
  const ref = { file: 'x.yaml', document: 0, root: [], line: 1, apiVersion: 'apps/v1', kind: 'Deployment' };
  const demands = { versions: SUPPORTED_RANGE, level: undefined, asks: () => true };
  const [view] = viewObject({ ref, value }, createRepoIndex(), () => false, demands)?.containers ?? [];
  if (view === undefined) throw new Error('no container');
  return view;
}

function choose(container: JsonObject, told?: number) {
  const [choice] = chooseUsers([viewOf(container)], told);
  return { risk: choice?.risk, ...choice?.answer };
}

const own = { isOwn: true, isCertain: false };
const certain = { isOwn: false, isCertain: true };
const doubtful = { isOwn: false, isCertain: false };

describe('the user in the place of root', () => {
  it.each<[string, JsonObject, object]>([
    ['a number of the image', { image: 'grafana/grafana:11.0.0' }, { id: 472, risk: 'medium', ...own }],
    ['a name of the image, by its id', { image: 'memcached:1.6' }, { id: 11211, group: 11211, risk: 'medium', ...certain }],
    [
      'the same with another program',
      { image: 'memcached:1.6', command: ['sh'] },
      { id: 11211, group: 11211, risk: 'medium', ...certain },
    ],
  ])('%s, whatever it was told', (_, container, choice) => {
    expect(choose(container)).toEqual(choice);
    expect(choose(container, 7)).toEqual(choice);
  });

  it.each<[string, JsonObject, object]>([
    ['one that needs nothing else', { image: 'registry.k8s.io/pause:3.4' }, { id: 65535, group: 65535, ...certain }],
    ['one without a condition', { image: 'quay.io/brancz/kube-rbac-proxy:v0.6.0' }, { id: 65532, group: 65532, ...certain }],
    ['one of any', { image: 'gcr.io/google-samples/microservices-demo/frontend:v0.10.1' }, { id: 1000, group: 1000, ...certain }],
    ['one under a condition', { image: 'postgres:16' }, { id: 999, group: 999, ...doubtful }],
    ['none with another program', { image: 'postgres:16', command: ['sh'] }, { id: undefined, ...doubtful }],
    ['none of an unknown image', { image: 'ghcr.io/acme/web:1' }, { id: undefined, ...doubtful }],
    ['none of a variable', { image: '$IMAGE' }, { id: undefined, ...doubtful }],
    ['none by hearsay', { image: 'almalinux:9' }, { id: undefined, ...doubtful }],
  ])('%s, unless it was told', (_, container, choice) => {
    expect(choose(container)).toEqual({ risk: 'high', ...choice });
    expect(choose(container, 7)).toEqual({ risk: 'high', id: 7, ...certain });
  });

  it.each<[string, NonRootFacts, RegExp]>([
    ['any user', { possible: true, anyUid: true }, /^app:1 \(app, Dockerfile\) can run as any user$/],
    ['any, on a condition', { possible: true, anyUid: true, condition: 'HOME writable' }, /can run as any user: HOME writable$/],
    ['another one', { possible: true, uid: 9 }, /^whether app:1 \(app, Dockerfile\) works as user 7 is not known$/],
  ])('says of a told user what is known of %s', (_, nonRoot, evidence) => {
    const entry: ImageEntry = {
      image: 'x.example/app',
      user: 0,
      nonRoot,
      sources: ['acme/app@0a1b2c3 Dockerfile'],
      confidence: 'read',
    };
    const { containers } = contextOf({ image: 'x.example/app:1' }, {}, { images: createCatalogue([entry]) });
    expect(chooseUsers(containers, 7)[0]?.evidence.join('; ')).toMatch(evidence);
  });

  it('stays root where the image needs it', () => {
    const flannel = viewOf({ image: 'ghcr.io/flannel-io/flannel:v0.28.9' });
    expect(findRefusal(chooseUsers([viewOf({}), flannel], 7))).toEqual({
      unless: expect.stringMatching(/^flannel:v0.28.9 \(.+\) needs root: changes host network$/),
      obstacle: 'NEEDED',
    });
    expect(findRefusal(chooseUsers([viewOf({})], 7))).toBeUndefined();
  });
});

describe('who is known to start as root', () => {
  it.each<[string, JsonObject, JsonObject, boolean]>([
    ['user 0', { securityContext: { runAsUser: 0 } }, {}, true],
    ['user 0 of the pod', {}, { securityContext: { runAsUser: 0 } }, true],
    ['root of the image', { image: 'mysql:8.4' }, { securityContext: { runAsNonRoot: true } }, true],
    ['another user than the image has', { image: 'mysql:8.4', securityContext: { runAsUser: 999 } }, {}, false],
    ['a variable', { image: 'mysql:8.4', securityContext: { runAsUser: '$ID' } }, {}, false],
    ['a user of the image', { image: 'memcached:1.6' }, {}, false],
    ['hearsay', { image: 'almalinux:9' }, {}, false],
    ['an unknown image', {}, {}, false],
  ])('%s', (_, container, pod, isRoot) => {
    expect(startsAsRoot(viewOf(container, pod))).toBe(isRoot);
  });
});
