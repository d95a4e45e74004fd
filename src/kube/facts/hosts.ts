import { isList, isObject, type Json, type JsonObject } from '../../core/json.js';

/** A Service by its name in DNS. */
export interface ServiceName {
  readonly name: string;
  readonly namespace: string;
}

/** What is longer is no address, and costs time. */
const LONGEST = 4096;

/** `db.data.svc`, with or without `cluster.local` behind it. */
const SERVICE = /\b([a-z0-9][-a-z0-9]{0,62})\.([a-z0-9][-a-z0-9]{0,62})\.svc(?![\w-])/g;

/** The host of an address: `https://user@api.example.com:443/`. */
const ADDRESS = /^[a-z][a-z0-9+.-]{0,20}:\/\/(?:[^\s/@]{0,256}@)?([A-Za-z0-9.-]{1,253})(?::\d{1,5})?(?:[/?#]|$)/;

/** Names that only a cluster, or the pod itself, knows. */
const INSIDE = /(?:^|\.)(?:svc|local|localhost|internal)$/;

/** The Services that the variables, the command and the arguments of a container name together with a namespace. */
export function readAsked(container: JsonObject): readonly ServiceName[] {
  const values = variablesOf(container).map(({ value }) => value);
  const words = [container.command, container.args].flatMap((list) => (isList(list) ? list : []));
  return [...values, ...words].flatMap((text) => {
    if (typeof text !== 'string' || !text.includes('.svc')) return [];
    const found = text.slice(0, LONGEST).matchAll(SERVICE);
    return [...found].map(([, name = '', namespace = '']) => ({ name, namespace }));
  });
}

/** The names of variables whose value is an address outside of the cluster. What it is stays where it is. */
export function readOutside(container: JsonObject): readonly string[] {
  return variablesOf(container).flatMap(({ name, value }) => {
    if (typeof name !== 'string' || typeof value !== 'string' || value.length > LONGEST) return [];
    const [, host = ''] = ADDRESS.exec(value) ?? [];
    return host.includes('.') && !INSIDE.test(host) && !isPrivate(host) ? [name] : [];
  });
}

function variablesOf({ env }: JsonObject): readonly JsonObject[] {
  return isList(env) ? env.filter((entry: Json) => isObject(entry)) : [];
}

/** Addresses of the pod, the node's link, and private networks, which clusters take theirs from. */
function isPrivate(host: string): boolean {
  return /^(?:127|10|192\.168|169\.254|172\.(?:1[6-9]|2\d|3[01]))\.[\d.]+$/.test(host) || host === '0.0.0.0';
}
