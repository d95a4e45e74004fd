import { expect, it } from 'vitest';
import type { JsonObject } from '../../../src/core/json.js';
import { dropCapabilities } from '../../../transforms/drop-capabilities.js';
import { deployment, evaluate } from '../../transforms/evaluate.js';

const reasonOf = (container: JsonObject) => evaluate([dropCapabilities], deployment(container)).findings[0]?.unless;

it.each([
  ['registry.example/search/docker-elasticsearch-kubernetes:5.6', 'IPC_LOCK'],
  ['registry.example/cassandra:v14', 'IPC_LOCK'],
  ['registry.example/datastax/dse-server:6.8', 'IPC_LOCK'],
  ['registry.example/nordvpn:1', 'NET_ADMIN'],
  ['registry.example/net/wireguard@sha256:00', 'NET_ADMIN'],
])('%s may need %s, by its name', (image, capability) => {
  expect(reasonOf({ image })).toBe(`${image} may need ${capability}, which the baseline does not let it add`);
});

it.each<[string, JsonObject]>([
  ['an exporter', { image: 'registry.example/elasticsearch-exporter:1' }],
  ['an operator', { image: 'registry.example/cassandra-operator:1' }],
  ['a program of its own', { image: 'registry.example/cassandra:v14', command: ['nodetool', 'drain'] }],
  ['another user than root', { image: 'registry.example/cassandra:v14', securityContext: { runAsUser: 999 } }],
  ['what has it', { image: 'registry.example/cassandra:v14', securityContext: { capabilities: { add: ['IPC_LOCK'] } } }],
  ['a fork that does without', { image: 'registry.example/openbao:2' }],
  ['what the default capabilities do', { image: 'registry.example/zeek:7' }],
  ['another name', { image: 'registry.example/web:1' }],
])('not %s', (_, container) => {
  expect(reasonOf(container)).toBeUndefined();
});
