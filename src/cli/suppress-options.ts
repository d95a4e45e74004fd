import { UsageError } from '../core/errors.js';
import { collect, createCommand, readCommandLine } from './command-line.js';

/** The options of `suppress`, as typed in. */
export interface SuppressOptions {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly ids: readonly string[];
  readonly reason: string;
  readonly expires?: string;
  readonly write: boolean;
  readonly quiet: boolean;
  readonly color: boolean;
}

const EXAMPLES = `
Examples:
  kubemend suppress deploy/web.yaml:12 drop-capabilities --reason "needs CHOWN until 2.3"
  kubemend suppress deploy/web.yaml:12 set-resources --reason "sized by the autoscaler" --expires 2099-01-31 --write

Exit codes: 0 done, 2 wrong usage, or nothing was written.
`;

/** @throws {UsageError} for options that do not exist or have wrong values, or what is missing */
export function parseSuppress(argv: readonly string[]): { readonly options: SuppressOptions } | { readonly print: string } {
  const command = createCommand('kubemend suppress')
    .usage('FILE:LINE ID[,ID] --reason TEXT [options]')
    .description(
      'Says no to transforms where a line starts an object, a container or a field, as a comment above it; in JSON as an annotation of ' +
        'the object. Without --write, shows it as a patch.',
    )
    .argument('<place>', 'where, as findings name it: deploy/web.yaml:12')
    .argument('<id...>', 'what not to do there: ids of transforms, or all')
    .option('--reason <text>', 'why, on one line')
    .option('--expires <date>', 'the last day on which it holds: 2099-01-31')
    .option('--write', 'change the file in place')
    .option('--quiet', 'print the patch or nothing, and errors')
    .option('--no-color', 'print without colours')
    .addHelpText('after', EXAMPLES);
  const typed = readCommandLine(command, argv);
  if ('print' in typed) return typed;
  const [place = '', ...ids] = typed.args;
  const [, file, line] = /^(.+):(\d+)$/s.exec(place) ?? [];
  if (file === undefined) throw new UsageError(`suppress takes FILE:LINE, such as deploy/web.yaml:12, not "${place}"`);
  if (typeof typed.options.reason !== 'string') throw new UsageError('--reason is missing: say why, in a few words');
  const options: SuppressOptions = {
    ...{ write: false, quiet: false, color: true, reason: typed.options.reason },
    ...typed.options,
    file,
    line: Number(line),
    ids: ids.flatMap((id) => collect(id)),
  };
  return { options };
}
