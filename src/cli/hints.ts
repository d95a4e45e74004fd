import { type Summary, total } from '../report/tally.js';
import type { CheckPssOptions } from './commands.js';
import type { FixOptions } from './options.js';
import { quoteWords } from './shell.js';

/** With more paths than this, a hint says what to add to the command, which nobody wants to read again. */
const MANY = 10;
/** Hints that take more than this together, or more than the terminal has, stand below each other. */
const LINE = 140;

/** What to do next, as commands that can be copied. Only what this version has; a test runs every one. */
export function formatHints(
  summary: Summary,
  options: FixOptions,
  env: Readonly<Record<string, string | undefined>>,
  width = LINE,
): string {
  const hints: string[] = [];
  const isLong = options.paths.length > MANY;
  const add = (label: string, flags: readonly string[], change: Partial<FixOptions> = {}) => {
    if (isLong) {
      hints.push(`${label}: add ${quoteWords(change.maxRisk === undefined ? flags : ['--max-risk', change.maxRisk])}`);
      return;
    }
    hints.push(`${label}: ${quoteWords([...programIn(env), ...flags, ...selection({ ...options, ...change })])}`);
  };
  const ready = total(summary.ready);
  if (ready > 0 && !options.write) add('Write them', ['--write']);
  if (ready > 1 && !options.write && !options.check && !options.each && options.transform?.length !== 1)
    add('One at a time', ['--each']);
  const risk = summary.held.high > 0 ? 'high' : 'medium';
  if (total(summary.held) > 0) add(`With the ${total(summary.held)} held`, [], { maxRisk: risk });
  const line = hints.join('     ');
  return line === '' ? '' : `${line.length > Math.min(LINE, width) ? hints.join('\n') : line}\n`;
}

/** What mends what `check-pss` found, as a command that can be copied. */
export function formatMend(
  { level, exclude, includeSystem, kubernetesVersion, paths, since, staged, wholeFiles, config }: CheckPssOptions,
  env: Readonly<Record<string, string | undefined>>,
): string {
  const isLong = paths.length > MANY;
  const words = selection({
    profile: `pss-${level}`,
    exclude,
    includeSystem,
    ...(config !== undefined && { config }),
    ...(kubernetesVersion !== undefined && { kubernetesVersion }),
    ...(since !== undefined && { since }),
    staged,
    wholeFiles,
    paths: isLong ? [] : paths,
  });
  return `What would mend them: ${quoteWords([...programIn(env), ...words])}${isLong ? ', and the same paths' : ''}\n`;
}

/** Who ran it through npx has no `kubemend` on the path. */
export function programIn(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  return env.npm_command === 'exec' ? ['npx', 'kubemend'] : ['kubemend'];
}

type Selection = Pick<FixOptions, 'profile' | 'exclude' | 'includeSystem' | 'kubernetesVersion' | 'paths' | 'config'> &
  Partial<Pick<FixOptions, 'transform' | 'skip' | 'set' | 'maxRisk' | 'since' | 'staged' | 'wholeFiles' | 'baseline'>>;

/** The options that say what is looked at, and the paths. */
function selection(options: Selection): string[] {
  const { profile, transform = [], skip = [], set = [], exclude, includeSystem, kubernetesVersion, paths } = options;
  const { maxRisk, config, since, staged, wholeFiles, baseline } = options;
  return [
    ...(profile === undefined ? [] : ['--profile', profile]),
    ...transform.flatMap((id) => ['--transform', id]),
    ...skip.flatMap((id) => ['--skip', id]),
    ...set.flatMap((told) => ['--set', told]),
    ...exclude.flatMap((glob) => ['--exclude', glob]),
    ...(includeSystem ? ['--include-system'] : []),
    ...(since === undefined ? [] : ['--since', since]),
    ...(staged ? ['--staged'] : []),
    ...(wholeFiles ? ['--whole-files'] : []),
    ...(baseline === undefined ? [] : ['--baseline', baseline]),
    ...(maxRisk === undefined ? [] : ['--max-risk', maxRisk]),
    ...(config === undefined ? [] : config === false ? ['--no-config'] : ['--config', config]),
    ...(kubernetesVersion === undefined ? [] : ['--kubernetes-version', kubernetesVersion]),
    ...(paths.some((path) => path.startsWith('-')) ? ['--'] : []),
    ...paths,
  ];
}
