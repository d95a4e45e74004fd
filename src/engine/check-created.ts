import { isObject, type Json, type JsonObject } from '../core/json.js';
import { groupOf } from '../kube/kinds/table.js';
import type { Kinds } from '../kube/kinds.js';
import { isOpaque } from '../kube/opaque.js';
import { refusals } from '../kube/refusals.js';
import type { Reason } from './admit.js';

/** What makes an object one and the same, whatever version it is written in. */
export interface Identity {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

/** The identity of an object; `undefined` where it lacks a part of it. */
export function identify({ apiVersion, kind, metadata }: JsonObject): Identity | undefined {
  const { name, namespace } = isObject(metadata) ? metadata : {};
  if (!isText(apiVersion) || !isText(kind) || !isText(name)) return undefined;
  return { apiVersion, kind, name, ...(isText(namespace) && { namespace }) };
}

function isText(value: Json | undefined): value is string {
  return typeof value === 'string' && value !== '';
}

export function keyOfIdentity({ apiVersion, kind, namespace = '', name }: Identity): string {
  return [groupOf(apiVersion), kind, namespace, name].join('\0');
}

/** Whether two objects of one file may be the same: a namespace that is not written may be any. */
export function mayBeSame(a: Identity, b: Identity): boolean {
  const isOfName = a.kind === b.kind && a.name === b.name && groupOf(a.apiVersion) === groupOf(b.apiVersion);
  return isOfName && (a.namespace === undefined || b.namespace === undefined || a.namespace === b.namespace);
}

/** `NetworkPolicy shop/default-deny` */
export function nameIdentity({ kind, namespace, name }: Identity): string {
  return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
}

/** Source: RFC 1123 subdomains and labels, as `k8s.io/apimachinery/pkg/util/validation` has them. */
const SUBDOMAIN = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;
const LABEL = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/;

/** Why the API server would refuse a new object, as far as its name and its pods tell. */
export function checkCreated(object: JsonObject, kinds: Kinds | undefined): Reason | undefined {
  const identity = identify(object);
  if (!identity) return refused('it has no apiVersion, kind or metadata.name');
  const { name, namespace } = identity;
  if (isOpaque(name))
    return { code: 'OPAQUE', text: `the name of the new ${identity.kind} is filled in by another tool (${name})` };
  if (name.length > 253 || !SUBDOMAIN.test(name)) return refused(`"${name}" is no name that Kubernetes takes`);
  const isPlain = namespace === undefined || isOpaque(namespace) || (namespace.length <= 63 && LABEL.test(namespace));
  if (!isPlain) return refused(`"${namespace}" is no name of a namespace`);
  const [first] = refusals(object, undefined, kinds);
  return first && refused(first.message);
}

function refused(why: string): Reason {
  return { code: 'REFUSED_BY_API', text: `the API server would refuse the new object: ${why}` };
}
