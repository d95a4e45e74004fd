import { profiles as builtIn, type Profile } from '../../transforms/profiles.js';
import { transforms as registry } from '../../transforms/registry.js';
import type { Risk } from '../core/finding.js';
import type { Path } from '../core/json.js';
import type { WrittenNo } from '../core/selector.js';
import type { ImageEntry } from '../kube/images/types.js';
import type { CustomKind } from '../kube/kinds/custom.js';
import type { Chain, CompiledLayer } from './chain.js';
import type { FailOn, PathValues, PullRequestValues } from './types.js';

/** A value, and who says so: `default`, `--max-risk`, `kubemend.yaml:3`. */
export interface Sourced<Value> {
  readonly value: Value;
  readonly from: 'default' | 'profile' | 'file' | 'flag';
  readonly source: string;
}

/** What the command line says; it wins. */
export interface Flags {
  readonly profile?: Profile;
  readonly maxRisk?: Risk;
  readonly kubernetesVersion?: string;
  readonly includeSystem?: boolean;
  readonly transform?: readonly string[];
  readonly skip?: readonly string[];
  readonly settings?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly failOn?: readonly FailOn[];
  readonly baseline?: string;
}

/** What holds for a path in the end. */
export interface Effective {
  readonly profile: Sourced<Profile>;
  readonly maxRisk: Sourced<Risk>;
  /** `undefined`: all versions that upstream supports. */
  readonly kubernetesVersion: Sourced<string | undefined>;
  readonly includeSystem: Sourced<boolean>;
  readonly systemNamespaces: readonly Sourced<string>[];
  readonly exclude: readonly Sourced<string>[];
  readonly images: readonly Sourced<ImageEntry>[];
  readonly kinds: readonly Sourced<CustomKind>[];
  readonly suppressions: readonly Sourced<WrittenNo>[];
  readonly failOn: Sourced<readonly FailOn[]>;
  /** Relative to the folder one is in; `undefined` for none. */
  readonly baseline: Sourced<string | undefined>;
  /** By key: what a file says of pull requests. */
  readonly pr: { readonly [Key in keyof PullRequestValues]: Sourced<NonNullable<PullRequestValues[Key]>> };
  /** Of the profile, by id, in the order of the registry. */
  readonly transforms: ReadonlyMap<string, EffectiveTransform>;
}

export interface EffectiveTransform {
  readonly isOn: Sourced<boolean>;
  readonly maxRisk: Sourced<Risk>;
  /** All of its settings; `undefined` for one without a default that nobody gave. */
  readonly settings: ReadonlyMap<string, Sourced<unknown>>;
}

/** A place in a file that says something, for all paths or for some. */
interface Scope {
  readonly layer: CompiledLayer;
  readonly values: PathValues;
  readonly path: Path;
}

/** The overrides that are for a path, as a key: paths with the same have the same asked of them. */
export function matchOverrides({ layers }: Chain, path: string): string {
  return layers.map(({ overrides }) => overrides.flatMap((isFor, index) => (isFor(path) ? [index] : [])).join(',')).join(';');
}

/** @param matched as {@link matchOverrides} gives it; empty for none */
export function resolve(chain: Chain | undefined, matched: string, flags: Flags): Effective {
  const layers = chain?.layers ?? [];
  const scopes = scopesOf(layers, matched);
  const profile = profileOf(chain, scopes, flags);
  const maxRisk = said(flags.maxRisk, '--max-risk') ?? last(scopes, 'maxRisk') ?? byDefault('medium');
  const recording = layers.findLast(({ values }) => values.baseline !== undefined);
  const failing = layers.findLast(({ values }) => values.failOn !== undefined);
  const transforms = registry.flatMap(({ id }) =>
    Object.hasOwn(profile.value.transforms, id) ? [[id, transformOf(id, scopes, profile.value, maxRisk, flags)] as const] : [],
  );
  return {
    profile,
    maxRisk,
    kubernetesVersion:
      said(flags.kubernetesVersion, '--kubernetes-version') ?? last(scopes, 'kubernetesVersion') ?? byDefault(undefined),
    includeSystem:
      said(flags.includeSystem || undefined, '--include-system') ?? last(scopes, 'includeSystem') ?? byDefault(false),
    systemNamespaces: scopes.flatMap(({ layer, values, path }) =>
      (values.systemNamespaces ?? []).map((value, index) => written(value, layer, [...path, 'systemNamespaces', index])),
    ),
    exclude: itemsOf(layers, 'exclude'),
    images: itemsOf(layers, 'images'),
    kinds: itemsOf(layers, 'kinds'),
    suppressions: itemsOf(layers, 'suppressions'),
    baseline:
      said(flags.baseline, '--baseline') ??
      (recording ? written(besideFile(recording, recording.values.baseline), recording, ['baseline']) : byDefault(undefined)),
    failOn:
      said(flags.failOn, '--fail-on') ?? (failing ? written(failing.values.failOn ?? [], failing, ['failOn']) : byDefault([])),
    pr: pullRequestsOf(layers),
    transforms: new Map(transforms),
  };
}

/** Key by key, the last file that says something. */
function pullRequestsOf(layers: readonly CompiledLayer[]): Effective['pr'] {
  const pairs = layers.flatMap((layer) =>
    Object.entries(layer.values.pr ?? {}).map(([key, value]) => [key, written(value, layer, ['pr', key])] as const),
  );
  return Object.fromEntries(pairs);
}

/** A path that is relative to the file, as seen from where the file's own name is. */
function besideFile({ file }: CompiledLayer, path = ''): string {
  return `${file.slice(0, file.lastIndexOf('/') + 1)}${path.replace(/^\.\//, '')}`;
}

/** The items of a list that adds up. */
function itemsOf<Key extends 'exclude' | 'images' | 'kinds' | 'suppressions'>(
  layers: readonly CompiledLayer[],
  key: Key,
): readonly Sourced<NonNullable<CompiledLayer['values'][Key]>[number]>[] {
  return layers.flatMap((layer) => {
    const items: readonly NonNullable<CompiledLayer['values'][Key]>[number][] = layer.values[key] ?? [];
    return items.map((value, index) => written(value, layer, [key, index]));
  });
}

function byDefault<Value>(value: Value): Sourced<Value> {
  return { value, from: 'default', source: 'default' };
}

function said<Value>(value: Value | undefined, flag: string): Sourced<Value> | undefined {
  return value === undefined ? undefined : { value, from: 'flag', source: flag };
}

function written<Value>(value: Value, { file, position }: CompiledLayer, path: Path): Sourced<Value> {
  return { value, from: 'file', source: `${file}:${position(path).line}` };
}

/** What is said for all paths, then what is said for some: whatever comes later wins. */
function scopesOf(layers: readonly CompiledLayer[], matched: string): readonly Scope[] {
  const chosen = matched.split(';').map((part) => part.split(',').filter((index) => index !== ''));
  return [
    ...layers.map((layer): Scope => ({ layer, values: layer.values, path: [] })),
    ...layers.flatMap((layer, position) =>
      (chosen[position] ?? []).flatMap((index): Scope[] => {
        const values = layer.values.overrides?.[Number(index)];
        return values ? [{ layer, values, path: ['overrides', Number(index)] }] : [];
      }),
    ),
  ];
}

/** What the last scope says that says something. */
function last<Key extends keyof PathValues>(
  scopes: readonly Scope[],
  key: Key,
): Sourced<NonNullable<PathValues[Key]>> | undefined {
  for (const { layer, values, path } of scopes.toReversed()) {
    const value = values[key];
    if (value !== undefined) return written(value, layer, [...path, key]);
  }
  return undefined;
}

function profileOf(chain: Chain | undefined, scopes: readonly Scope[], flags: Flags): Sourced<Profile> {
  if (flags.profile) return { value: flags.profile, from: 'flag', source: '--profile' };
  const { value, ...where } = last(scopes, 'profile') ?? byDefault('recommended');
  const found = [...(chain?.profiles ?? []), ...builtIn].find(({ name }) => name === value);
  // It is there: the chain was checked.
  return { value: found as Profile, ...where };
}

function transformOf(
  id: string,
  scopes: readonly Scope[],
  profile: Profile,
  general: Sourced<Risk>,
  flags: Flags,
): EffectiveTransform {
  const inProfile = <Value>(value: Value): Sourced<Value> => ({ value, from: 'profile', source: `profile ${profile.name}` });
  let isOn = inProfile(true);
  let maxRisk: Sourced<Risk> = general;
  const settings = new Map<string, Sourced<unknown>>();
  const declared = registry.find((transform) => transform.id === id)?.settings ?? {};
  for (const [key, setting] of Object.entries(declared)) settings.set(key, byDefault(setting.default));
  const tell = (told: Readonly<Record<string, unknown>> = {}, sourced: (value: unknown, key: string) => Sourced<unknown>) => {
    for (const [key, value] of Object.entries(told)) settings.set(key, sourced(value, key));
  };
  tell(profile.transforms[id]?.settings, inProfile);
  for (const { layer, values, path } of scopes) {
    // A limit for all that is said later counts for this one, too.
    if (values.maxRisk !== undefined) maxRisk = written(values.maxRisk, layer, [...path, 'maxRisk']);
    const choice = values.transforms?.[id];
    if (choice === undefined) continue;
    const place = [...path, 'transforms', id];
    isOn = written(choice !== false, layer, place);
    if (typeof choice === 'boolean') continue;
    if (choice.maxRisk !== undefined) maxRisk = written(choice.maxRisk, layer, [...place, 'maxRisk']);
    tell(choice.settings, (value, key) => written(value, layer, [...place, 'settings', key]));
  }
  if (flags.maxRisk !== undefined) maxRisk = general;
  if (flags.transform) isOn = { value: flags.transform.includes(id), from: 'flag', source: '--transform' };
  if (flags.skip?.includes(id)) isOn = { value: false, from: 'flag', source: '--skip' };
  tell(flags.settings?.[id], (value) => ({ value, from: 'flag', source: '--set' }));
  return { isOn, maxRisk, settings };
}
