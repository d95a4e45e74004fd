import { formatBody } from '../pr/plan/body.js';
import type { PrRun } from '../pr/run-types.js';
import type { Group } from '../pr/types.js';
import { VERSION } from '../version.js';
import type { PrOptions } from './pr-options.js';
import type { Place } from './pr-place.js';
import type { Wanted } from './pr-settings.js';
import { quoteWords } from './shell.js';

/** Characters of names of files; more are told by the folder that was asked for. */
const MANY = 600;

/** What writes the bodies of a run's pull requests. */
export function createDescriber(
  options: PrOptions,
  { branchPrefix, groupBy }: Wanted,
  place: Pick<Place, 'forge' | 'inside'>,
  base: string,
): PrRun['describe'] {
  return (group, { head, pending }) =>
    formatBody({
      group,
      head,
      groupBy,
      branch: `${branchPrefix}${group.name}`,
      base,
      command: commandFor(group, { ...options, groupBy }, place.inside),
      maxBody: place.forge.maxBody,
      ...(pending && { pending }),
    });
}

/** What shows the changes of a group in a checkout. */
function commandFor({ risk, commits }: Group, options: PrOptions, inside: string): string {
  const files = [...new Set(commits.flatMap((commit) => [...commit.files.keys()]))].sort();
  const { profile, kubernetesVersion, config, set, includeSystem, exclude } = options;
  // Where one risk is no matter of the group, the configuration may allow one here and another one there.
  const maxRisk = options.groupBy === 'risk' ? risk : options.maxRisk;
  const isMany = files.join(' ').length > MANY;
  return quoteWords([
    ...['npx', `kubemend@${VERSION}`],
    ...(maxRisk === undefined ? [] : ['--max-risk', maxRisk]),
    ...['--transform', commits.map(({ transform }) => transform).join(',')],
    ...(profile === undefined ? [] : ['--profile', profile]),
    ...(kubernetesVersion === undefined ? [] : ['--kubernetes-version', kubernetesVersion]),
    ...(typeof config === 'string' ? ['--config', config] : config === false ? ['--no-config'] : []),
    ...set.flatMap((setting) => ['--set', setting]),
    ...(includeSystem ? ['--include-system'] : []),
    ...(isMany ? exclude.flatMap((glob) => ['--exclude', glob]) : []),
    '--',
    ...(isMany ? [inside] : files),
  ]);
}
