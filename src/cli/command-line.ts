import { Command, CommanderError, type Option } from 'commander';
import { UsageError } from '../core/errors.js';
import { nearest } from '../discover/nearest.js';

/** What was typed in for one command: its options and its arguments; or text to print and be done (`--help`, `--version`). */
export type Typed =
  | { readonly options: Readonly<Record<string, unknown>>; readonly args: readonly string[] }
  | { readonly print: string };

/** A command that neither prints nor ends the process by itself. */
export function createCommand(name: string): Command {
  return new Command(name).helpOption('-h, --help', 'print this help');
}

/**
 * @param argv what stands behind the command's name
 * @throws {UsageError} for options that do not exist or have wrong values
 */
export function readCommandLine(command: Command, argv: readonly string[]): Typed {
  let print = '';
  command.exitOverride().configureOutput({
    writeOut: (text) => {
      print += text;
    },
    writeErr: () => {},
  });
  try {
    command.parse([...argv], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { print };
    const flags = command.options.filter(isFlag).map(({ long }) => long ?? '');
    throw new UsageError(inOurWords(error.message, flags), { more: `All options: ${command.name()} --help`, cause: error });
  }
  return { options: command.opts(), args: command.args };
}

/** Whether an option is said or not. */
function isFlag({ required, optional }: Option): boolean {
  return !required && !optional;
}

export function append(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

export function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, ...value.split(',').filter((id) => id !== '')];
}

/** `stale, expired or malformed` */
export function orList(names: readonly string[]): string {
  return `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}

/** What commander says of a value that is none of the choices of an option, or of an argument. */
const CHOICE =
  /^(?:option '(?<option>--[\w-]+) .*?' argument '|command-argument value ')(?<value>.*)' is invalid(?: for argument '(?<argument>\w+)')?\. Allowed choices are (?<choices>.*)\.$/s;

/** What commander says, shorter and with the near name: `unknown option "--wriet"; did you mean "--write"?` */
function inOurWords(message: string, flags: readonly string[]): string {
  const said = message.replace(/^error: /, '').trim();
  const choice = CHOICE.exec(said)?.groups;
  if (choice?.choices !== undefined) {
    const { option, argument, value = '' } = choice;
    const names = choice.choices.split(', ');
    const near = nearest(value.toLowerCase(), names);
    const hint = near === undefined ? '' : `; did you mean "${near}"?`;
    return `${option ?? `the ${argument}`} takes ${orList(names)}, not "${value}"${hint}`;
  }
  const [, missing] = /^missing required argument '(\w+)'$/.exec(said) ?? [];
  if (missing !== undefined) return `the ${missing} is missing`;
  if (said.startsWith('too many arguments')) return 'this command takes no arguments';
  const [, lacking, what] = /^option '(--[\w-]+) <(.*)>' argument missing$/.exec(said) ?? [];
  if (lacking !== undefined) return `${lacking} needs a value: ${lacking} <${what}>`;
  const [, unknown, name, near] = /^(unknown option) '(.*?)'(?:\n\(Did you mean (?:one of )?(.*)\?\))?$/s.exec(said) ?? [];
  if (unknown === undefined) return said;
  const [flag = ''] = name?.split('=') ?? [];
  if (flag !== name && flags.includes(flag)) return `${flag} takes no value`;
  const quoted = near?.split(', ').map((other) => `"${other}"`);
  return `${unknown} "${name}"${quoted ? `; did you mean ${quoted.join(' or ')}?` : ''}`;
}
