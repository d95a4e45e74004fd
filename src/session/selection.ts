import { type Profile, profiles } from '../../transforms/profiles.js';
import { transforms as registry } from '../../transforms/registry.js';
import { UsageError } from '../core/errors.js';
import { nearest } from '../discover/nearest.js';
import { orderTransforms } from '../engine/engine.js';
import type { Setting, SettingValue, SettingValues } from '../kube/settings.js';
import { type Transform, tellTransform } from '../kube/types.js';

/** By transform, by key: what is given for a setting. A command line gives texts, a program may give numbers and lists. */
export type GivenSettings = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const DEFAULT_PROFILE = 'recommended';

/** All transforms in the order in which they change files, which is the same in every selection. */
export const ORDERED: readonly Transform[] = orderTransforms(registry);

/**
 * The profile of that name; one that is given as data is taken as it is.
 * @throws {UsageError}
 */
export function findProfile(name: string | Profile = DEFAULT_PROFILE): Profile {
  if (typeof name !== 'string') return name;
  const found = profiles.find((profile) => profile.name === name);
  if (found) return found;
  throw new UsageError(unknown('profile', name, names(profiles)));
}

function names(list: readonly Profile[]): readonly string[] {
  return list.map(({ name }) => name);
}

/** @throws {UsageError} for an id that no transform has */
export function refuseUnknown(given: readonly string[]): void {
  const ids = registry.map(({ id }) => id);
  for (const id of given) if (!ids.includes(id)) throw new UsageError(unknown('transform', id, ids));
}

/** `unknown transform "x"; did you mean "y"? All: x, y` */
function unknown(what: string, given: string, known: readonly string[]): string {
  const near = nearest(given, known);
  return `unknown ${what} "${given}"${near === undefined ? '.' : `; did you mean "${near}"?`} All: ${known.join(', ')}`;
}

/**
 * The transforms of a profile, or those of them that are asked for, each told its settings.
 * @param mayBeNone whether it is no error when nothing is left
 * @throws {UsageError} for what does not exist, is not part of the profile, or is of a wrong type, and when nothing is left
 */
export function selectTransforms(
  profile: Profile,
  only: readonly string[] | undefined,
  skip: readonly string[],
  given: GivenSettings,
  mayBeNone = false,
): readonly Transform[] {
  refuseUnknown([...(only ?? []), ...skip, ...Object.keys(given)]);
  for (const id of [...(only ?? []), ...Object.keys(given)])
    if (!Object.hasOwn(profile.transforms, id)) throw notPart(id, profile);
  const selected = ORDERED.filter(
    ({ id }) => Object.hasOwn(profile.transforms, id) && (only === undefined || only.includes(id)) && !skip.includes(id),
  );
  if (selected.length === 0 && !mayBeNone)
    throw new UsageError('no transform is left to run: every one that was asked for is skipped');
  for (const id of Object.keys(given)) {
    if (selected.some((transform) => transform.id === id)) continue;
    const key = Object.keys(given[id] ?? {})[0];
    throw new UsageError(`${key === undefined ? id : `${id}.${key}`} is set, but "${id}" does not run`);
  }
  const values = Object.fromEntries(
    registry.flatMap((transform) => {
      const told = given[transform.id];
      return told === undefined ? [] : [[transform.id, readSettings(transform, told)] as const];
    }),
  );
  return selected.map((transform) => {
    const told = { ...profile.transforms[transform.id]?.settings, ...values[transform.id] };
    return Object.keys(told).length === 0 ? transform : tellTransform(transform, told);
  });
}

function notPart(id: string, { name }: Profile): UsageError {
  const others = names(profiles.filter((profile) => Object.hasOwn(profile.transforms, id)));
  const list = others.length > 1 ? `${others.slice(0, -1).join(', ')} and ${others.at(-1)} have it` : `${others[0]} has it`;
  const hint = others.length === 0 ? '' : `; --profile ${list}`;
  return new UsageError(`"${id}" is not part of the profile "${name}"${hint}`);
}

function readSettings({ id, settings }: Transform, given: Readonly<Record<string, unknown>>): SettingValues {
  const keys = Object.keys(settings);
  return Object.fromEntries(
    Object.entries(given).map(([key, value]): [string, SettingValue] => {
      if (keys.length === 0) throw new UsageError(`"${id}" has no settings, so "${key}" cannot be set`);
      const setting = Object.hasOwn(settings, key) ? settings[key] : undefined;
      if (setting === undefined) throw new UsageError(unknown(`setting of "${id}":`, key, keys));
      return [key, readSetting(`${id}.${key}`, setting, value)];
    }),
  );
}

function readSetting(name: string, setting: Setting, given: unknown): SettingValue {
  const value = setting.read(given);
  if (value !== undefined) return value;
  throw new UsageError(`${name} takes ${setting.takes}, not ${JSON.stringify(given)}`);
}
