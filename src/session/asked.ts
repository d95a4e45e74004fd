import type { Profile } from '../../transforms/profiles.js';
import { transforms as registry } from '../../transforms/registry.js';
import { UsageError } from '../core/errors.js';
import type { Risk } from '../core/finding.js';
import { createCatalogue, type ImageCatalogue } from '../kube/images/catalogue.js';
import { checkEntries } from '../kube/images/check.js';
import type { Transform } from '../kube/types.js';
import type { VersionRange } from '../kube/versions/types.js';
import { parseVersionRange, SUPPORTED_RANGE } from '../kube/versions/versions.js';
import type { PathOptions } from '../session.js';
import { findProfile, selectTransforms } from './selection.js';

/** What is asked of files, with everything in it found and checked. */
export interface Asked {
  readonly profile: Profile;
  /** In the order in which they change files. */
  readonly transforms: readonly Transform[];
  readonly maxRisk: Risk;
  readonly risks?: Readonly<Record<string, Risk>>;
  readonly includeSystem: boolean;
  readonly systemNamespaces?: readonly string[];
  readonly versions: VersionRange;
  readonly images?: ImageCatalogue;
}

/**
 * @param mayBeNone whether it is no error when no transform is left
 * @throws {UsageError} for what does not exist, or has no effect
 */
export function readAsked(options: PathOptions, mayBeNone = false): Asked {
  const profile = findProfile(options.profile);
  const { settings = {}, skip = [], maxRisk = 'medium', risks = {}, includeSystem = false, systemNamespaces } = options;
  const transforms = selectTransforms(profile, options.transforms, skip, settings, mayBeNone);
  const unknown = Object.keys(risks).find((id) => !registry.some((transform) => transform.id === id));
  if (unknown !== undefined) throw new UsageError(`risks: there is no transform "${unknown}"`);
  return {
    profile,
    transforms,
    maxRisk,
    ...(Object.keys(risks).length > 0 && { risks }),
    includeSystem,
    ...(systemNamespaces && { systemNamespaces }),
    versions: options.kubernetesVersion === undefined ? SUPPORTED_RANGE : parseVersionRange(options.kubernetesVersion),
    ...(options.images?.length && { images: createCatalogue(checkEntries(options.images)) }),
  };
}

/** What `make` makes of the options of a path, once for each object; `undefined` where a path has none. */
export function byIdentity<Made>(
  at: ((path: string) => PathOptions | undefined) | undefined,
  make: (own: PathOptions) => Made,
): (path: string) => Made | undefined {
  const made = new Map<PathOptions, Made>();
  return (path) => {
    const own = at?.(path);
    if (own === undefined) return undefined;
    const known = made.get(own) ?? make(own);
    made.set(own, known);
    return known;
  };
}

/** The transforms that run wherever files are looked at, and a level where some are looked at for one. */
export function runEverywhere(all: readonly Asked[]): Pick<Asked, 'transforms'> & Pick<Asked['profile'], 'level'> {
  const [first, ...others] = all;
  const has = ({ transforms }: Asked, id: string) => transforms.some((transform) => transform.id === id);
  const level = all.find(({ profile }) => profile.level !== undefined)?.profile.level;
  return {
    transforms: (first?.transforms ?? []).filter(({ id }) => others.every((other) => has(other, id))),
    ...(level && { level }),
  };
}
