import { isList, type Json } from '../../core/json.js';
import { isOpaque } from '../opaque.js';
import type { ContainerView } from '../types.js';
import type { Flag, Flags, Program } from './types.js';

const PROGRAMS: readonly Program[] = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'etcd', 'kubelet'];

/** Programs that start the one named behind their own flags. `hyperkube` knows short names, too. */
const STARTERS: ReadonlySet<string> = new Set(['hyperkube', 'go-runner']);

/** `--name`, `--name=value`, `-name` as etcd takes it. */
const FLAG = /^(--?)([A-Za-z0-9][\w-]*)(?:=([\s\S]*))?$/;

/** An item of `command` or `args`. */
interface Word {
  readonly list: 'command' | 'args';
  readonly position: number;
  /** `undefined` where only another tool can read it, or where it is no text. */
  readonly text: string | undefined;
}

/**
 * The flags of the program that a container runs; `undefined` where it runs none of {@link Program}, or runs it in a script.
 * @param minor the release that the tag of its image names
 */
export function flagsOfContainer(container: ContainerView): Flags | undefined {
  const command = wordsOf(container, 'command');
  const args = wordsOf(container, 'args');
  if (command === undefined || args === undefined) return undefined;
  const started = command.length === 0 ? programOfImage(container.image) : startedBy([...command, ...args]);
  if (started === undefined) return undefined;
  const { program, words = args } = started;
  const { written, mayHoldMore } = readFlags(container, words, program);
  const list = written.at(-1)?.path.at(-2) ?? (args.length > 0 || command.length === 0 ? 'args' : 'command');
  return {
    program,
    subject: container.subject,
    path: container.path,
    written,
    mayHoldMore: mayHoldMore || isToldOtherwise(container, program, written),
    given: {},
    minor: minorOf(container.image?.split('@', 1)[0]?.split(':').at(-1)),
    add: (name, value) => [container.append(list as string, `--${name}=${value}`)],
  };
}

function wordsOf(container: ContainerView, list: 'command' | 'args'): readonly Word[] | undefined {
  const { state, value } = container.get(list);
  if (state === 'absent') return [];
  if (!isList(value)) return undefined;
  return value.map((item, position) => ({ list, position, text: textOf(item) }));
}

/** A flag with a value to be filled in is known by its name. */
function textOf(item: Json): string | undefined {
  if (typeof item !== 'string') return undefined;
  return isOpaque(item) && !/^--?[A-Za-z0-9][\w-]*=/.test(item) ? undefined : item;
}

interface Started {
  readonly program: Program;
  /** What follows the program; absent where that is in `args`. */
  readonly words?: readonly Word[];
}

function startedBy(words: readonly Word[]): Started | undefined {
  const first = baseOf(words[0]?.text);
  const isStarter = first !== undefined && STARTERS.has(first);
  const at = isStarter ? words.findIndex(({ text }, position) => position > 0 && !text?.startsWith('-')) : 0;
  const named = baseOf(words[at]?.text);
  const program = PROGRAMS.find((name) => name === named || (first === 'hyperkube' && name === `kube-${named}`));
  return program && { program, words: words.slice(at + 1) };
}

function baseOf(text: string | undefined): string | undefined {
  return text?.slice(text.lastIndexOf('/') + 1);
}

/** `registry.k8s.io/kube-apiserver:v1.35.0` and the like start what they are named after. */
function programOfImage(image: string | undefined): Started | undefined {
  const name = baseOf(image?.split('@', 1)[0])?.split(':', 1)[0];
  const program = PROGRAMS.find((each) => each === name);
  return program && { program };
}

/** The minor release in `v1.35.2`. */
export function minorOf(version: string | undefined): number | undefined {
  const minor = /^v?1\.(\d{1,3})(?!\d)/.exec(version ?? '')?.[1];
  return minor === undefined ? undefined : Number(minor);
}

function readFlags(
  container: ContainerView,
  words: readonly Word[],
  program: Program,
): { readonly written: readonly Flag[]; readonly mayHoldMore: boolean } {
  const written: Flag[] = [];
  let mayHoldMore = false;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] as Word;
    if (word.text === '--') break;
    if (word.text === undefined) mayHoldMore = true;
    const [, dashes, name = '', joined] = FLAG.exec(word.text ?? '') ?? [];
    if (dashes === undefined || (dashes === '-' && program !== 'etcd')) continue;
    const next = words[at + 1];
    // A switch has no value of its own; what begins with a dash is the next flag.
    const value = joined === undefined && next !== undefined && !next.text?.startsWith('-') && !isSwitch(name) ? next : undefined;
    if (value !== undefined) at += 1;
    written.push(flagAt(container, word, name, joined, value));
  }
  return { written, mayHoldMore };
}

/** Switches that are looked at, and stand alone at times. */
const SWITCHES: ReadonlySet<string> = new Set([
  ...['anonymous-auth', 'auto-tls', 'client-cert-auth', 'kubelet-https', 'make-iptables-util-chains', 'peer-auto-tls'],
  ...['peer-client-cert-auth', 'profiling', 'protect-kernel-defaults', 'repair-malformed-updates', 'rotate-certificates'],
  ...['service-account-extend-token-expiration', 'service-account-lookup', 'use-service-account-credentials', 'allow-privileged'],
]);

function isSwitch(name: string): boolean {
  return SWITCHES.has(spell(name));
}

/** As Kubernetes compares names of flags. */
export function spell(name: string): string {
  return name.replaceAll('_', '-');
}

function flagAt(container: ContainerView, word: Word, name: string, joined: string | undefined, apart: Word | undefined): Flag {
  const text = word.text ?? '';
  const value = apart ? apart.text : (joined ?? 'true');
  const head = joined === undefined ? text : text.slice(0, text.length - joined.length - 1);
  const path = container.at([word.list, word.position]);
  const valuePath = apart && container.at([apart.list, apart.position]);
  return {
    name: spell(name),
    value: value === undefined || isOpaque(value) ? undefined : value,
    path,
    set: (next) => [valuePath ? { op: 'set', path: valuePath, value: next } : { op: 'set', path, value: `${head}=${next}` }],
    remove: () => [{ op: 'remove', path }, ...(valuePath ? [{ op: 'remove', path: valuePath } as const] : [])],
  };
}

/** Whether the program is told something in a file, or etcd in its environment. */
function isToldOtherwise(container: ContainerView, program: Program, written: readonly Flag[]): boolean {
  if (program === 'kubelet') return written.some(({ name }) => name === 'config' || name === 'config-dir');
  if (program !== 'etcd') return false;
  const { state, value } = container.get('env');
  const isInEnvironment =
    state === 'opaque' || (isList(value) && value.some((entry) => JSON.stringify(entry).includes('"ETCD_')));
  return isInEnvironment || container.get('envFrom').state !== 'absent' || written.some(({ name }) => name === 'config-file');
}
