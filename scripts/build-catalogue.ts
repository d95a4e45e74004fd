/**
 * Writes `src/kube/images/catalogue/*.json` from a folder of YAML files with facts on images, as collected:
 * `npx tsx scripts/build-catalogue.ts FOLDER`.
 *
 * It gives every repository its normal name, merges what several files say of one image and one pattern of tags, adds what
 * `catalogue/additions.yaml` has, and applies the corrections. What the files disagree on is printed: someone should look at it.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { load } from 'js-yaml';
import { readCapability } from '../src/kube/decisions/capability-lists.js';
import { checkEntries, GENERAL_KNOWLEDGE } from '../src/kube/images/check.js';
import { readEntry } from '../src/kube/images/lookup.js';
import { mergeFacts } from '../src/kube/images/merge.js';
import { normaliseRepository } from '../src/kube/images/reference.js';
import type { Confidence, HostAccess, ImageEntry, NonRootFacts } from '../src/kube/images/types.js';
import { readConditions } from './catalogue/conditions.js';
import type { Facts } from './catalogue/correction.js';
import { BUILT_BY_OTHERS, COPY, CORRECTIONS, MIRRORS, OWNER, SAME_IMAGE, SAME_NAME, SAME_TAGS } from './catalogue/corrections.js';

/** An entry as collected: `null` and `''` stand for nothing. */
interface RawEntry extends Omit<ImageEntry, 'nonRoot' | 'host' | 'populated'> {
  readonly aliases: readonly string[];
  readonly tags: string;
  readonly entrypoint: string;
  readonly nonRoot: {
    readonly possible: boolean;
    readonly uid: number | null;
    readonly gid: number | null;
    readonly condition: string;
  };
  readonly host: readonly string[];
  readonly populated?: readonly string[];
}

const CATALOGUE = new URL('../src/kube/images/catalogue/', import.meta.url);

function readFolder(path: string): ImageEntry[] {
  return readdirSync(path)
    .filter((name) => /\.ya?ml$/.test(name))
    .flatMap((name) => readFile(join(path, name)));
}

function readFile(path: string): ImageEntry[] {
  return (load(readFileSync(path, 'utf8')) as readonly RawEntry[]).flatMap((raw) => normalise(raw) ?? []);
}

function normalise(raw: RawEntry): ImageEntry | undefined {
  const name = normaliseRepository(raw.image);
  const image = SAME_IMAGE.get(name) ?? name;
  const key = `${image} ${raw.tags}`;
  const tags = SAME_TAGS.has(key) ? SAME_TAGS.get(key) : raw.tags;
  if (tags === undefined) return undefined;
  const aliases = [name, ...raw.aliases.map(normaliseRepository), ...mirrorsOf(image)].filter((alias) => alias !== image);
  const gains = readGains(raw.entrypoint);
  return {
    ...raw,
    image,
    aliases: [...new Set(aliases)].sort(),
    tags,
    ...readHost(raw.host, raw.entrypoint),
    nonRoot: readNonRoot(raw.nonRoot),
    sources: orderSources(raw.sources),
    ...(raw.capabilities && { capabilities: raw.capabilities.flatMap((name) => (name === 'ALL' ? EVERY : name)).sort() }),
    ...(gains && { gains }),
  } as ImageEntry;
}

/** Whose word it is, the nearest to the image first: what builds it, what runs it, what somebody happens to know. */
function orderSources(sources: readonly string[]): readonly string[] {
  const rank = (source: string) => (source === GENERAL_KNOWLEDGE ? 2 : BUILD_FILE.test(source) ? 0 : 1);
  return sources.toSorted((a, b) => rank(a) - rank(b));
}

const BUILD_FILE = /(?:docker|container)file|entrypoint|\.ko\.yaml|\.bzl\b|BUILD\.bazel|\bimage\.sh\b/i;

function mirrorsOf(image: string): string[] {
  return [...MIRRORS].flatMap(([from, to]) => (image.startsWith(from) ? [`${to}${image.slice(from.length)}`] : []));
}

function readNonRoot({ possible, uid, gid, condition }: RawEntry['nonRoot']): NonRootFacts {
  return { possible, ...(uid !== null && { uid }), ...(gid !== null && { gid }), ...readConditions(condition) };
}

/** What ALL stands for where it is needed: the default ones, and what a privileged container has most use for. */
const EVERY = (
  'AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_ADMIN NET_BIND_SERVICE NET_RAW SETFCAP SETGID SETPCAP SETUID SYS_ADMIN ' +
  'SYS_CHROOT'
).split(' ');

const HOST: readonly string[] = ['hostNetwork', 'hostPID', 'hostIPC', 'hostPath', 'privileged'] satisfies HostAccess[];

/** Host access by nature is one word; what is said in more words holds for some configurations, and is kept in words as well. */
function readHost(host: readonly string[], entrypoint: string): Pick<ImageEntry, 'entrypoint' | 'host' | 'sometimes'> {
  const always = host.filter((item) => HOST.includes(item));
  const others = host.filter((item) => !HOST.includes(item));
  const words = others.flatMap((item) => item.match(/\bhost[A-Z]\w+|\bprivileged\b|\b[A-Z]{3,}_[A-Z_]+\b/g) ?? []);
  // A variable of the environment is written like a capability.
  const sometimes = new Set(words.filter((word) => !/^[A-Z_]+$/.test(word) || readCapability(word) !== undefined));
  return {
    entrypoint: [entrypoint, ...others].join('; '),
    host: always as HostAccess[],
    ...(sometimes.size > 0 && { sometimes: [...sometimes].sort() }),
  };
}

/**
 * How a note on an entrypoint speaks of programs that get their rights at exec: set-uid bits and file capabilities. (`SETUID`, the
 * capability, and `s6-setuidgid`, a program that only gives rights away, are other things.)
 */
function readGains(entrypoint: string): ImageEntry['gains'] {
  const file = /\bsetcap\b|\bfile capabilit|\bon the binary\b|\bcarries \S*net_bind_service/.test(entrypoint);
  const setUid = /\bset-?uid\b(?! bits removed)|\bsudo\b|\bnewuidmap\b/.test(entrypoint);
  if (!file && !setUid) return undefined;
  return [...(file ? (['file-capabilities'] as const) : []), ...(setUid ? (['set-uid'] as const) : [])];
}

const CONFIDENCES: readonly Confidence[] = ['read', 'documented', 'known'];

/**
 * One entry for each image and pattern of tags. Of two statements on the very same thing the merged one is never the bolder, so that it
 * may have the higher confidence of the two: whatever lowers a risk in it, the one with that confidence says, too.
 */
function mergeSame(all: readonly ImageEntry[]): ImageEntry[] {
  const merged = new Map<string, ImageEntry>();
  for (const entry of all) {
    const key = `${entry.image} ${entry.tags}`;
    const other = merged.get(key);
    merged.set(key, other === undefined ? entry : mergeTwo(key, other, entry));
  }
  return [...merged.values()];
}

function mergeTwo(key: string, a: ImageEntry, b: ImageEntry): ImageEntry {
  const facts = mergeFacts(readEntry(a), readEntry(b));
  for (const field of ['user', 'api', 'capabilities', 'nonRoot'] as const) {
    const [left, right] = [a, b].map(({ [field]: value }) => JSON.stringify(value, ['name', 'uid', 'gid', 'possible', 'anyUid']));
    if (left !== right) console.error(`${key}: ${field} ${left} and ${right}: ${JSON.stringify(facts[field])}`);
  }
  const confidence = CONFIDENCES.find((each) => each === a.confidence || each === b.confidence) ?? 'known';
  const populated = facts.populated ?? mergePopulated(a, b, confidence);
  const aliases = [...new Set([...(a.aliases ?? []), ...(b.aliases ?? [])])].sort();
  return { ...facts, aliases, ...(populated && { populated }), sources: orderSources(facts.sources), confidence };
}

/** Where one says nothing, the other may have said it for all of the paths. */
function mergePopulated(a: ImageEntry, b: ImageEntry, confidence: Confidence): readonly string[] | undefined {
  const [teller, silent] = a.populated === undefined ? [b, a] : [a, b];
  const isForAll = (silent.writes ?? []).every((path) => teller.writes?.includes(path));
  return isForAll && teller.confidence === confidence ? teller.populated : undefined;
}

function correct(all: readonly ImageEntry[]): ImageEntry[] {
  const unused = new Set(CORRECTIONS);
  const corrected = all.flatMap((entry) => {
    const own = CORRECTIONS.filter(({ image, tags = '*' }) => image === entry.image && tags === entry.tags);
    for (const correction of own) unused.delete(correction);
    const set = own.map((correction) => correction.set ?? {});
    const variants = own.flatMap((correction) => correction.variants ?? []);
    return [overlay(entry, ...set), ...variants.map((variant) => overlay(entry, variant))];
  });
  if (unused.size > 0)
    throw new Error(`nothing to correct: ${[...unused].map(({ image, tags }) => `${image} ${tags}`).join(', ')}`);
  return corrected;
}

/** A fact that is set to `undefined` is left out. */
function overlay(entry: ImageEntry, ...facts: readonly Facts[]): ImageEntry {
  return Object.assign({}, entry, ...facts) as ImageEntry;
}

/**
 * Takes from each entry the aliases that have an entry of their own, or belong to someone else, and sets apart those by another name:
 * they are other images, of which nobody read anything.
 */
function settleAliases(all: readonly ImageEntry[]): ImageEntry[] {
  const own = new Set(all.map(({ image }) => image));
  const settled = all.map((entry) => {
    const names = (entry.aliases ?? []).filter((alias) => !own.has(alias) && (OWNER.get(alias) ?? entry.image) === entry.image);
    const aliases = names.filter((alias) => isSame(entry.image, alias));
    const alike = [...new Set([...(entry.alike ?? []), ...names.filter((alias) => !aliases.includes(alias))])].filter(
      (alias) => !own.has(alias),
    );
    return { ...entry, aliases, alike, ...(entry.capabilities && { capabilities: entry.capabilities.toSorted() }) };
  });
  const claims = new Map<string, string>();
  for (const { image, aliases, alike } of settled) {
    for (const alias of [...aliases, ...alike]) {
      const other = claims.get(alias) ?? image;
      if (other !== image) throw new Error(`${alias} is claimed by ${other} and ${image}`);
      claims.set(alias, image);
    }
  }
  for (const image of own) {
    const rows = settled.filter((entry) => entry.image === image);
    const lists = new Set(rows.map(({ aliases, alike }) => JSON.stringify([aliases, alike])));
    if (lists.size > 1) console.error(`${image}: its entries have different aliases: ${[...lists].join(' ')}`);
  }
  return settled;
}

function isSame(image: string, alias: string): boolean {
  if (BUILT_BY_OTHERS.test(alias)) return false;
  const last = (name: string) => name.slice(name.lastIndexOf('/') + 1);
  return last(image) === last(alias) || SAME_NAME.has(alias) || COPY.test(alias);
}

const KEYS: readonly (keyof ImageEntry)[] = [
  ...(['image', 'aliases', 'alike', 'tags', 'user', 'entrypoint', 'nonRoot', 'capabilities', 'gains', 'shell', 'ports'] as const),
  ...(['writes', 'populated', 'writesBy', 'api', 'host', 'sometimes', 'memory', 'sources', 'confidence'] as const),
];

/** What says nothing: to be left out is the same. */
const NOTHING: Facts = { aliases: [], alike: [], tags: '*', user: null, ports: [], api: null, host: [], memory: null };

function leaveOut(entry: ImageEntry): ImageEntry {
  const kept = KEYS.filter((key) => entry[key] !== undefined && JSON.stringify(entry[key]) !== JSON.stringify(NOTHING[key]));
  return Object.fromEntries(kept.map((key) => [key, entry[key]])) as unknown as ImageEntry;
}

function write(all: readonly ImageEntry[]): void {
  for (const name of new Set(all.map(({ image }) => fileOf(image)))) {
    const texts = all
      .filter(({ image }) => fileOf(image) === name)
      .map((entry) => {
        const lines = Object.entries(entry).map(([key, value]) => `    ${JSON.stringify(key)}: ${JSON.stringify(value)}`);
        return `  {\n${lines.join(',\n')}\n  }`;
      });
    writeFileSync(new URL(`${name}.json`, CATALOGUE), `[\n${texts.join(',\n')}\n]\n`);
  }
  execFileSync('npx', ['biome', 'format', '--write', fileURLToPath(CATALOGUE)], { stdio: 'ignore' });
  console.error(`${all.length} entries for ${new Set(all.map(({ image }) => image)).size} images`);
}

function fileOf(image: string): string {
  if (image.startsWith('docker.io/library/')) return 'library';
  const names: Readonly<Record<string, string>> = {
    'docker.io': 'docker-hub',
    'quay.io': 'quay',
    'ghcr.io': 'ghcr',
    'registry.k8s.io': 'kubernetes',
  };
  return names[image.slice(0, image.indexOf('/'))] ?? 'others';
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const folder = process.argv[2];
if (folder === undefined) throw new Error('usage: build-catalogue.ts FOLDER');
const found = [...readFolder(folder), ...readFile(fileURLToPath(new URL('catalogue/additions.yaml', import.meta.url)))];
const entries = checkEntries(settleAliases(correct(mergeSame(found))).map(leaveOut)).toSorted(
  (a, b) => compare(a.image, b.image) || compare(a.tags ?? '', b.tags ?? ''),
);
const twice = entries.filter(
  ({ image, tags }, index) => entries[index - 1]?.image === image && entries[index - 1]?.tags === tags,
);
if (twice.length > 0) throw new Error(`two entries for ${twice.map(({ image }) => image).join(', ')}`);
write(entries);
