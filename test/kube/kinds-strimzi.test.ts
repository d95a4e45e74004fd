import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { isObject, type Json, type JsonObject, valueAt } from '../../src/core/json.js';
import { findPodTemplates, readPlacedPod } from '../../src/kube/kinds.js';
import { createSession, type SessionOptions } from '../../src/session.js';

const IDS = ['disallow-privilege-escalation', 'drop-capabilities', 'require-non-root', 'set-seccomp-profile'];

/** What the restricted provider gives to each container. */
const WHOLE = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  runAsNonRoot: true,
  seccompProfile: { type: 'RuntimeDefault' },
};

/** Where each kind has the template of a component, with a container of it. */
const PLACES: readonly (readonly [kind: string, component: readonly string[], container: string])[] = [
  ['Kafka', ['spec', 'kafka'], 'kafkaContainer'],
  ['Kafka', ['spec', 'kafka'], 'initContainer'],
  ['Kafka', ['spec', 'zookeeper'], 'zookeeperContainer'],
  ['Kafka', ['spec', 'entityOperator'], 'topicOperatorContainer'],
  ['Kafka', ['spec', 'entityOperator'], 'userOperatorContainer'],
  ['Kafka', ['spec', 'entityOperator'], 'tlsSidecarContainer'],
  ['Kafka', ['spec', 'cruiseControl'], 'cruiseControlContainer'],
  ['Kafka', ['spec', 'kafkaExporter'], 'container'],
  ['KafkaNodePool', ['spec'], 'kafkaContainer'],
  ['KafkaConnect', ['spec'], 'connectContainer'],
  ['KafkaMirrorMaker', ['spec'], 'mirrorMakerContainer'],
  ['KafkaMirrorMaker2', ['spec'], 'connectContainer'],
  ['KafkaBridge', ['spec'], 'bridgeContainer'],
];

/** An object as JSON, which is YAML, too. */
function make(kind: string, component: readonly string[], parts: JsonObject): string {
  const inner = component.slice(1).reduceRight<JsonObject>((value, key) => ({ [key]: value }), parts);
  return `${JSON.stringify({ apiVersion: 'kafka.strimzi.io/v1beta2', kind, metadata: { name: 'it' }, spec: inner }, null, 2)}\n`;
}

function run(text: string, options: SessionOptions) {
  const session = createSession(options);
  session.survey('it.yaml', text);
  return session.fix('it.yaml', text);
}

function after(text: string, options: SessionOptions): Json {
  return load(run(text, options).text) as Json;
}

describe.each(PLACES)('%s at %j: %s', (kind, component, container) => {
  const at = [...component, 'template', container, 'securityContext'];

  it('completes a security context that is written, and does so once', () => {
    const text = make(kind, component, { template: { [container]: { securityContext: {} } } });
    const { text: once } = run(text, { transforms: IDS, maxRisk: 'high' });
    expect(valueAt(load(once) as Json, at)).toEqual(WHOLE);
    expect(run(once, { maxRisk: 'high' }).text).toBe(once);
  });

  it.each([{}, { template: {} }, { template: { [container]: { env: [] } } }])('makes none where none is written: %j', (parts) => {
    const text = make(kind, component, parts);
    for (const maxRisk of ['low', 'medium', 'high'] as const) {
      for (const transforms of [IDS, ...IDS.map((id) => [id])]) {
        const { text: same, findings, objects } = run(text, { transforms, maxRisk });
        expect(same).toBe(text);
        expect(findings).toEqual([]);
        expect(objects).toMatchObject([
          { isWorkload: false, left: expect.stringContaining('replace all that the operator gives') },
        ]);
      }
    }
  });
});

/** Every value of a map that is not there any more, or is another one. */
function lost(before: Json | undefined, now: Json | undefined, path = ''): readonly string[] {
  if (!isObject(before)) return JSON.stringify(before) === JSON.stringify(now) ? [] : [path];
  return Object.keys(before).flatMap((key) => lost(before[key], valueAt(now, [key]), `${path}/${key}`));
}

/** The security contexts of an object by their places. */
function contextsOf(value: Json | undefined, path = ''): readonly string[] {
  if (!isObject(value)) return [];
  return Object.keys(value).flatMap((key) => [
    ...(key === 'securityContext' ? [path] : []),
    ...contextsOf(value[key], `${path}/${key}`),
  ]);
}

it('only ever adds to what is written, whatever part of it is, at each risk and by each transform', () => {
  const entries = Object.entries(WHOLE);
  for (let bits = 0; bits < 2 ** entries.length; bits++) {
    const securityContext = Object.fromEntries(entries.filter((_, at) => bits & (1 << at)));
    const template = {
      pod: { metadata: { labels: { a: 'b' } } },
      kafkaContainer: { securityContext },
      initContainer: { env: [] },
    };
    const text = make('KafkaNodePool', ['spec'], { template });
    for (const maxRisk of ['low', 'medium', 'high'] as const) {
      for (const asked of [{}, ...IDS.map((id) => ({ transforms: [id] }))]) {
        const now = after(text, { ...asked, maxRisk });
        expect(lost(load(text) as Json, now)).toEqual([]);
        expect(contextsOf(now)).toEqual(['/spec/template/kafkaContainer']);
      }
    }
  }
});

it('gives the pod no security context, which would replace the group of its volumes', () => {
  const text = make('Kafka', ['spec', 'kafka'], { template: { kafkaContainer: { securityContext: {} } } });
  const now = after(text, {
    maxRisk: 'high',
    settings: { 'set-user-group': { 'fs-group': 1001, 'supplemental-groups': [1002], 'supplemental-groups-policy': 'strict' } },
  });
  expect(contextsOf(now)).toEqual(['/spec/kafka/template/kafkaContainer']);
});

it('mends what is weak in the security context of a pod, and keeps the rest of it', () => {
  const securityContext = { fsGroup: 0, runAsUser: 0, seccompProfile: { type: 'Unconfined' } };
  const text = make('KafkaConnect', ['spec'], { template: { pod: { securityContext } } });
  const now = after(text, { maxRisk: 'high' });
  expect(valueAt(now, ['spec', 'template'])).toEqual({
    pod: { securityContext: { fsGroup: 0, seccompProfile: { type: 'RuntimeDefault' } } },
  });
});

it('takes no change for low, since the rest of the pod is not known', () => {
  const text = make('KafkaBridge', ['spec'], {
    image: 'docker.io/nginxinc/nginx-unprivileged:1.27',
    template: { bridgeContainer: { securityContext: {} } },
  });
  expect(run(text, { maxRisk: 'low' }).text).toBe(text);
  expect(run(text, { maxRisk: 'high' }).findings.filter(({ risk, status }) => risk === 'low' && status !== 'manual')).toEqual([]);
});

it('writes no ids', () => {
  const text = make('KafkaBridge', ['spec'], {
    image: 'docker.io/apache/spark:3.5.6',
    template: { bridgeContainer: { securityContext: {} } },
  });
  const { findings, text: same } = run(text, { transforms: ['set-user-group'], maxRisk: 'high' });
  expect(same).toBe(text);
  expect(findings).toMatchObject([
    { status: 'manual', reason: { text: expect.stringContaining('OpenShift refuses other ids') } },
  ]);
});

it('says nothing of what the operator gives, and leaves a read-only root to a person', () => {
  const text = make('KafkaNodePool', ['spec'], { template: { kafkaContainer: { securityContext: WHOLE } } });
  expect(run(text, { maxRisk: 'high' }).findings).toMatchObject([
    { transform: 'read-only-root-filesystem', subject: 'container kafkaContainer', status: 'manual' },
  ]);
});

it('leaves the build of Kafka Connect alone, in which Kaniko has to be root', () => {
  const text = make('KafkaConnect', ['spec'], { template: { buildContainer: { securityContext: { runAsUser: 0 } } } });
  expect(run(text, { maxRisk: 'high' }).text).toBe(text);
});

it('takes the image that is written for a component, or for an operator in its pod', () => {
  const text = make('Kafka', ['spec', 'entityOperator'], {
    image: 'none',
    topicOperator: { image: 'topics' },
    template: { topicOperatorContainer: { securityContext: {} }, userOperatorContainer: { securityContext: {} } },
  });
  const object = load(text) as JsonObject;
  const [template] = findPodTemplates(object);
  expect(template && readPlacedPod(object, template)?.spec.containers).toEqual([
    { name: 'topicOperatorContainer', securityContext: {}, image: 'topics' },
    { name: 'userOperatorContainer', securityContext: {} },
  ]);
});

describe('a level of the Pod Security Standards', () => {
  const judge = (securityContext: JsonObject) => {
    const text = make('KafkaBridge', ['spec'], { template: { bridgeContainer: { securityContext } } });
    return createSession({}).judge('it.yaml', text, 'restricted').objects;
  };

  it('is failed by what is written, which is named as in the template', () => {
    const [object] = judge({ privileged: true });
    expect(object?.failed.find(({ id }) => id === 'privileged')?.detail).toContain('container "bridgeContainer"');
  });

  it('is never said to be reached, since the rest of the pod is not known', () => {
    expect(judge(WHOLE)).toMatchObject([{ left: 'what else the operator puts into the pod is not written here', failed: [] }]);
    const text = make('KafkaBridge', ['spec'], { template: { bridgeContainer: { securityContext: {} } } });
    const [object] = run(text, { profile: 'pss-restricted', maxRisk: 'high' }).objects;
    expect(object).toMatchObject({ isWorkload: true, isChanged: true });
    expect(object).not.toHaveProperty('podSecurity');
  });
});
