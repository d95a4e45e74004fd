import { profiles as builtIn, type Profile } from '../../transforms/profiles.js';
import type { ConfigProblem } from '../core/errors.js';
import type { Path } from '../core/json.js';
import { nearest } from '../discover/nearest.js';
import type { Layer, OwnProfile } from './types.js';

type Report = (layer: Layer, path: Path, text: string) => void;

/** The profiles that the layers define; a later layer's stands in place of an earlier one's of the same name. */
export function readProfiles(layers: readonly Layer[], report: Report): readonly Profile[] {
  const own = new Map<string, { readonly layer: Layer; readonly profile: OwnProfile }>();
  for (const layer of layers) {
    for (const [name, profile] of Object.entries(layer.values.profiles ?? {})) {
      if (builtIn.some((known) => known.name === name))
        report(layer, ['profiles', name], `"${name}" is a profile that kubemend comes with; give yours another name`);
      else own.set(name, { layer, profile });
    }
  }
  const made = new Map<string, Profile | undefined>(builtIn.map((profile) => [profile.name, profile]));
  const make = (name: string, open: readonly string[]): Profile | undefined => {
    const found = own.get(name);
    if (!found || made.has(name)) return made.get(name);
    const { layer, profile } = found;
    const at = ['profiles', name, 'extends'];
    if (profile.extends !== undefined && [...open, name].includes(profile.extends)) {
      report(layer, at, `the profile "${name}" extends itself: ${[...open, name, profile.extends].join(' → ')}`);
      made.set(name, undefined);
      return undefined;
    }
    if (profile.extends !== undefined && !own.has(profile.extends) && !made.has(profile.extends))
      report(layer, at, unknownProfile(profile.extends, [...made.keys(), ...own.keys()]));
    const base = profile.extends === undefined ? undefined : make(profile.extends, [...open, name]);
    const result = combine(name, profile, base, `${layer.file}:${layer.position(['profiles', name]).line}`);
    if (Object.keys(result.transforms).length === 0 && (profile.extends === undefined || base))
      report(
        layer,
        ['profiles', name],
        `the profile "${name}" has no transforms; name some, or a profile to begin with (extends)`,
      );
    made.set(name, result);
    return result;
  };
  return [...own.keys()].flatMap((name) => make(name, []) ?? []);
}

function combine(name: string, { title, level, transforms = {} }: OwnProfile, base: Profile | undefined, where: string): Profile {
  const result: Record<string, Profile['transforms'][string]> = { ...base?.transforms };
  for (const [id, choice] of Object.entries(transforms)) {
    if (choice === false) {
      delete result[id];
      continue;
    }
    const before = result[id];
    const { why = before?.why ?? where, settings } = choice === true ? {} : choice;
    const told = { ...before?.settings, ...settings };
    result[id] = { why, ...(Object.keys(told).length > 0 && { settings: told }) };
  }
  const reached = level ?? base?.level;
  return { name, about: title, ...(reached && { level: reached }), transforms: result };
}

/** Names of profiles that there are not, and transforms for which there is something to say and which no profile in use has. */
export function checkUse(layers: readonly Layer[], own: readonly Profile[], report: Report): void {
  const known = [...builtIn, ...own];
  const names = known.map(({ name }) => name);
  let top = known.find(({ name }) => name === 'recommended');
  for (const layer of layers) {
    const find = (name: string | undefined, path: Path): Profile | undefined => {
      if (name === undefined) return top;
      const found = known.find((profile) => profile.name === name);
      if (!found) report(layer, path, unknownProfile(name, names));
      return found;
    };
    top = find(layer.values.profile, ['profile']);
    const overrides = layer.values.overrides ?? [];
    const used = overrides.map(({ profile }, index) => find(profile, ['overrides', index, 'profile']));
    checkTransforms(layer, layer.values.transforms, ['transforms'], [top, ...used], report);
    for (const [index, { transforms }] of overrides.entries())
      checkTransforms(layer, transforms, ['overrides', index, 'transforms'], [used[index]], report);
  }
}

function checkTransforms(
  layer: Layer,
  transforms: Layer['values']['transforms'] = {},
  path: Path,
  used: readonly (Profile | undefined)[],
  report: Report,
): void {
  // Of a profile that is not there nobody knows what it has.
  if (used.includes(undefined)) return;
  const names = [...new Set(used.map((profile) => profile?.name))].map((name) => `"${name}"`);
  for (const id of Object.keys(transforms)) {
    if (used.some((profile) => profile && Object.hasOwn(profile.transforms, id))) continue;
    const where = names.length === 1 ? `the profile ${names[0]}` : `any of the profiles ${names.join(', ')}`;
    report(layer, [...path, id], `"${id}" is not part of ${where}, so this has no effect; a profile of your own can have it`);
  }
}

/** `unknown profile "x"; did you mean "y"?` */
function unknownProfile(name: string, names: readonly string[]): string {
  const near = nearest(name, names);
  return near === undefined
    ? `unknown profile "${name}"; there are ${[...new Set(names)].join(', ')}`
    : `unknown profile "${name}"; did you mean "${near}"?`;
}

/** Collects problems, each at the place that it is about. */
export function reportInto(problems: ConfigProblem[]): Report {
  return (layer, path, text) => problems.push({ file: layer.file, position: layer.position(path), text });
}
