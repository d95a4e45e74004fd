import type { Finding } from '../../core/finding.js';
import { isList, isObject, type Json, type JsonObject } from '../../core/json.js';
import { report } from '../finding.js';
import { isOpaque } from '../opaque.js';
import type { View } from '../types.js';

/** What is for Secrets: their name, all of the core group, all there is. */
const SECRETS: readonly string[] = ['secrets', '*.', '*.*'];

const REASON = 'a key has to be made and kept, and Secrets be written anew; with one, put its provider first and identity last';

/** What there is to say of the order of providers in an `EncryptionConfiguration`. Nothing that stands in it is shown. */
export function* reportProviders(object: View): Iterable<Finding> {
  const { state, value } = object.get('resources');
  if (state === 'opaque' || (isList(value) && value.some(isHidden))) return;
  const entries = isList(value) ? value : [];
  // The first entry that is for a resource counts.
  const position = entries.findIndex(
    (entry) => isObject(entry) && namesOf(entry.resources).some((name) => SECRETS.includes(name)),
  );
  if (position < 0) {
    const at = object.at(state === 'absent' ? [] : ['resources']);
    yield report(object, 'no entry is for secrets: they lie in etcd as they are', REASON, at);
    return;
  }
  const { providers } = entries[position] as JsonObject;
  if (!isList(providers)) return;
  const [first] = providers;
  if (!isObject(first) || !Object.hasOwn(first, 'identity')) return;
  const says = providers.length > 1 ? 'identity stands first' : 'identity is the only provider';
  const at = object.at(['resources', position, 'providers', 0]);
  yield report(object, `${says} for secrets: they lie in etcd as they are`, REASON, at);
}

/** Whether another tool fills in what an entry is for, or with what it writes. */
function isHidden(entry: Json): boolean {
  if (!isObject(entry)) return isOpaque(entry);
  const { resources, providers } = entry;
  return isOpaque(entry) || [resources, providers].some((list) => isOpaque(list) || (isList(list) && list.some(isOpaque)));
}

function namesOf(resources: Json | undefined): readonly string[] {
  return isList(resources) ? resources.filter((name) => typeof name === 'string') : [];
}
