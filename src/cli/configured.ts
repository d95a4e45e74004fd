import path from 'node:path';
import { type Chain, excludedBy } from '../config/chain.js';
import { type Effective, type Flags, matchOverrides, resolve, type Sourced } from '../config/effective.js';
import { kindsOf, suppressionsOf } from '../config/everywhere.js';
import { UsageError } from '../core/errors.js';
import type { Left } from '../discover/classify.js';
import { nearest } from '../discover/nearest.js';
import { formatRange, SUPPORTED_RANGE } from '../kube/versions/versions.js';
import { type PathOptions, profiles, type SessionOptions } from '../session.js';
import type { Changes } from './changes.js';
import { createConfigFinder } from './config-files.js';
import type { Io } from './io.js';
import { type FixOptions, readSettings } from './options.js';

/** What the configuration files and the command line say together. */
export interface Configured {
  /** For the run as a whole: the configuration of the folder one is in. */
  readonly run: Effective;
  /**
   * The same for a session, with what is different for some paths, and what the files that were found so far say of all: to be asked for
   * once the files of the run are found.
   */
  readonly session: () => PathOptions & Pick<SessionOptions, 'at' | 'kinds' | 'suppressions'>;
  /** What holds for a file, or for a folder with `/` at its end. */
  readonly effectiveFor: (file: string) => Effective;
  /** Why a file, or a folder with `/` at its end, is left alone. Both are absolute. */
  readonly leaves: (file: string) => Left | undefined;
}

type Typed = Pick<
  FixOptions,
  'profile' | 'maxRisk' | 'kubernetesVersion' | 'includeSystem' | 'transform' | 'skip' | 'set' | 'config' | 'paths'
> &
  Partial<Pick<FixOptions, 'failOn' | 'baseline'>>;

/**
 * Finds the configuration of a run. That of folders below is read when one of their files is asked for.
 * @param changes where what is staged is looked at, so is the configuration as it is staged
 * @throws {ConfigError} for one that cannot be used
 * @throws {UsageError} for flags that say what there is not
 */
export function configure(typed: Typed, { cwd }: Pick<Io, 'cwd'>, changes?: Pick<Changes, 'staged'>): Configured {
  const { paths, config } = typed;
  const finder = createConfigFinder({ cwd, paths, bytesOf: changes?.staged?.bytesOf, ...(config !== undefined && { config }) });
  const own = finder.chainFor(cwd);
  const flags = flagsOf(typed, own);
  const run = resolve(own, '', flags);
  const known = new Map<Chain | undefined, Map<string, Asked>>();
  const askedOf = (file: string): Asked => {
    const chain = finder.chainFor(folderOf(file));
    const matched = chain ? matchOverrides(chain, file.split(path.sep).join('/')) : '';
    const ofChain = known.get(chain) ?? new Map<string, Asked>();
    known.set(chain, ofChain);
    let asked = ofChain.get(matched);
    if (!asked) {
      const effective = resolve(chain, matched, flags);
      const isRun = chain === own && !/\d/.test(matched);
      asked = { effective, options: isRun ? undefined : ownOptions(effective) };
      ofChain.set(matched, asked);
    }
    return asked;
  };
  return {
    run,
    session() {
      const [kinds, suppressions] = [kindsOf(finder.chains()), suppressionsOf(finder.chains())];
      return {
        ...runOptions(run, flags),
        at: (file) => askedOf(path.resolve(cwd, file)).options,
        ...(kinds.length > 0 && { kinds }),
        suppressions: suppressions.map(({ folder, ...others }) => ({ ...others, folder: relative(cwd, folder) })),
      };
    },
    effectiveFor: (file) => askedOf(file).effective,
    leaves(file) {
      const chain = finder.chainFor(path.dirname(file));
      const text = chain && excludedBy(chain, file.split(path.sep).join('/'));
      return text === undefined ? undefined : { code: 'IGNORED', text };
    },
  };
}

function relative(from: string, to: string): string {
  return path.relative(from, to).split(path.sep).join('/');
}

/** A folder is in itself. */
function folderOf(file: string): string {
  return file.endsWith(path.sep) ? path.resolve(file) : path.dirname(file);
}

interface Asked {
  readonly effective: Effective;
  readonly options: PathOptions | undefined;
}

function flagsOf(typed: Typed, chain: Chain | undefined): Flags {
  const { profile, maxRisk, kubernetesVersion, includeSystem, transform, skip, set, failOn, baseline } = typed;
  return {
    ...(profile !== undefined && { profile: findProfile(profile, chain) }),
    ...(maxRisk !== undefined && { maxRisk }),
    ...(kubernetesVersion !== undefined && { kubernetesVersion }),
    ...(transform && { transform }),
    ...(failOn && { failOn }),
    ...(baseline !== undefined && { baseline }),
    includeSystem,
    skip,
    settings: readSettings(set),
  };
}

function findProfile(name: string, chain: Chain | undefined): NonNullable<Flags['profile']> {
  const all = [...profiles, ...(chain?.profiles ?? [])];
  const found = all.find((profile) => profile.name === name);
  if (found) return found;
  const names = all.map((profile) => profile.name);
  const near = nearest(name.toLowerCase(), names);
  const hint = near === undefined ? '' : `; did you mean "${near}"?`;
  throw new UsageError(`--profile takes ${names.slice(0, -1).join(', ')} or ${names.at(-1)}, not "${name}"${hint}`);
}

/** With the flags as they were typed, so that what has no effect is found. */
function runOptions(run: Effective, { transform, skip = [], settings = {} }: Flags): PathOptions {
  const options = pathOptions(run);
  const off = [...run.transforms].flatMap(([id, { isOn }]) => (isOn.value || isOn.from === 'flag' ? [] : [id]));
  const told = { ...options.settings };
  for (const [id, values] of Object.entries(settings)) told[id] = { ...told[id], ...values };
  return { ...options, ...(transform && { transforms: transform }), skip: [...off, ...skip], settings: told };
}

/** What the transforms that run are told, as far as it comes from these. */
export function settingsOf(
  { transforms }: Effective,
  sources: readonly Sourced<unknown>['from'][],
): NonNullable<PathOptions['settings']> {
  const settings: Record<string, Record<string, unknown>> = {};
  for (const [id, transform] of transforms) {
    const told = [...transform.settings].filter(([, { from }]) => sources.includes(from));
    if (transform.isOn.value && told.length > 0) settings[id] = Object.fromEntries(told.map(([key, { value }]) => [key, value]));
  }
  return settings;
}

/** Every option, so that none of the run's shows through. */
function ownOptions(effective: Effective): PathOptions {
  const on = [...effective.transforms].flatMap(([id, { isOn }]) => (isOn.value ? [id] : []));
  return { kubernetesVersion: formatRange(SUPPORTED_RANGE), images: [], ...pathOptions(effective), transforms: on, skip: [] };
}

function pathOptions(effective: Effective): PathOptions {
  const { profile, maxRisk, kubernetesVersion, includeSystem, systemNamespaces, images, transforms } = effective;
  const skip: string[] = [];
  const risks: Record<string, NonNullable<PathOptions['maxRisk']>> = {};
  for (const [id, { isOn, maxRisk: own }] of transforms) {
    if (!isOn.value) skip.push(id);
    else if (own.value !== maxRisk.value) risks[id] = own.value;
  }
  return {
    profile: profile.value,
    maxRisk: maxRisk.value,
    risks,
    skip,
    settings: settingsOf(effective, ['file', 'flag']),
    includeSystem: includeSystem.value,
    systemNamespaces: systemNamespaces.map(({ value }) => value),
    ...(kubernetesVersion.value !== undefined && { kubernetesVersion: kubernetesVersion.value }),
    ...(images.length > 0 && { images: images.map(({ value }) => value) }),
  };
}
