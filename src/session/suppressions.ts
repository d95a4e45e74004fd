import ignore from 'ignore';
import { isDay } from '../core/day.js';
import { UsageError } from '../core/errors.js';
import { resolvePath } from '../core/relative-path.js';
import type { WrittenNo } from '../core/selector.js';
import { nearest } from '../discover/nearest.js';
import { isExpired } from '../engine/suppress.js';
import type { ConfiguredRule } from '../engine/suppress-configured.js';
import { hasRun, nameOf, STALE } from '../engine/suppress-notes.js';
import type { EngineOptions, SuppressionNote } from '../engine/types.js';
import { areaOf, isWithin, pathFrom } from './areas.js';

/** A no that stands outside of the manifests, and where. */
export interface ConfiguredSuppression extends WrittenNo {
  /** The folder that `paths` are relative to, as seen from the session's. */
  readonly folder?: string;
  /** Where it is written, for reports: `kubemend.yaml:12`. */
  readonly where?: string;
}

/** One of the configuration, ready to be asked. */
export interface SessionRule extends ConfiguredRule {
  /** Folders, or files, outside of which it matches nothing. */
  readonly areas: readonly string[];
}

/** What the session knows that suppressions are read by. */
interface Reader {
  readonly base: string;
  readonly knownIds: readonly string[];
  readonly nearestId: (id: string) => string | undefined;
}

const LISTS = ['transforms', 'paths', 'namespaces', 'kinds', 'names', 'containers', 'images'] as const;
const TEXTS = ['folder', 'reason', 'expires', 'where'] as const;
const KEYS: readonly string[] = [...LISTS, 'labels', ...TEXTS];

/** @throws {UsageError} that names the suppression, as `suppressions[1].reason`, and what is wrong with it */
export function readSuppressions(given: readonly ConfiguredSuppression[], reader: Reader): readonly SessionRule[] {
  return given.map((suppression, index) => {
    const name = `suppressions[${index}]`;
    refuseShape(name, suppression);
    refuseContent(name, suppression, reader);
    return toRule(name, suppression, reader.base);
  });
}

function refuseShape(name: string, given: unknown): void {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) throw new UsageError(`${name} is no map`);
  const entries = new Map(Object.entries(given).filter(([, value]) => value !== undefined));
  for (const [key, value] of entries) {
    const near = KEYS.includes(key) ? undefined : nearest(key, KEYS);
    if (!KEYS.includes(key))
      throw new UsageError(`${name}.${key} is no key${near === undefined ? '' : `; did you mean "${near}"?`}`);
    if (isListKey(key)) refuseList(`${name}.${key}`, value);
    else if (key === 'labels') refuseLabels(`${name}.labels`, value);
    else if (typeof value !== 'string') throw new UsageError(`${name}.${key} takes a text`);
  }
  if (!entries.has('reason')) throw new UsageError(`${name}.reason is missing`);
  if (![...LISTS, 'labels'].some((key) => entries.has(key)))
    throw new UsageError(`${name} says no to everything, everywhere; name transforms, paths, names or the like`);
}

function isListKey(key: string): boolean {
  return (LISTS as readonly string[]).includes(key);
}

function refuseList(name: string, value: unknown): void {
  if (!Array.isArray(value) || value.some((item) => typeof item !== 'string'))
    throw new UsageError(`${name} takes a list of texts`);
  if (value.length === 0) throw new UsageError(`${name} is empty, so it matches nothing; leave it out, or fill it`);
  if (value.includes('')) throw new UsageError(`${name}[${value.indexOf('')}] is empty`);
}

function refuseLabels(name: string, value: unknown): void {
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isMap || Object.values(value).some((text) => typeof text !== 'string'))
    throw new UsageError(`${name} takes a map of texts`);
  if (Object.keys(value).length === 0) throw new UsageError(`${name} is empty, so it says nothing; leave it out, or fill it`);
}

function refuseContent(name: string, { transforms = [], reason, expires }: ConfiguredSuppression, reader: Reader): void {
  for (const [index, id] of transforms.entries()) {
    if (reader.knownIds.includes(id)) continue;
    const near = reader.nearestId(id);
    const hint = near === undefined ? `. All: ${reader.knownIds.join(', ')}` : `; did you mean "${near}"?`;
    throw new UsageError(`${name}.transforms[${index}]: unknown transform "${id}"${hint}`);
  }
  if (reason.trim() === '') throw new UsageError(`${name}.reason is empty`);
  if (expires !== undefined && !isDay(expires))
    throw new UsageError(`${name}.expires takes a day, such as 2027-01-31, not "${expires}"`);
}

function toRule(name: string, suppression: ConfiguredSuppression, base: string): SessionRule {
  const { transforms = [], paths, folder = '', reason, expires, where = name, ...selectors } = suppression;
  const { namespaces, kinds, names, labels, containers, images } = selectors;
  const from = resolvePath(base, folder);
  return {
    ids: new Set(transforms),
    isForFile: paths === undefined ? () => true : createFileTest(paths, base, from),
    ...(namespaces && { namespaces }),
    ...(kinds && { kinds }),
    ...(names && { names }),
    ...(labels && { labels }),
    ...(containers && { containers }),
    ...(images && { images }),
    reason: reason.trim(),
    ...(expires !== undefined && { expires }),
    where,
    use: { isUsed: false },
    areas:
      paths === undefined ? [from] : paths.filter((path) => !path.startsWith('!')).map((path) => resolvePath(from, areaOf(path))),
  };
}

function createFileTest(paths: readonly string[], base: string, from: string): (file: string) => boolean {
  const matcher = ignore().add([...paths]);
  return (file) => {
    const path = pathFrom(from, resolvePath(base, file));
    return path !== undefined && path !== '' && matcher.ignores(path);
  };
}

/** Those that have expired, and those that matched nothing although all was looked at that they may speak of. */
export function noteConfigured(
  rules: readonly SessionRule[],
  ran: Pick<EngineOptions, 'today' | 'transforms' | 'level' | 'knownIds'>,
  base: string,
  covered: readonly string[],
): SuppressionNote[] {
  const folders = covered.map((path) => resolvePath(base, path));
  return rules.flatMap((rule): SuppressionNote[] => {
    const [, file = rule.where, line = '1'] = /^(.*):(\d+)$/s.exec(rule.where) ?? [];
    const note = (kind: SuppressionNote['kind'], text: string): SuppressionNote[] => [
      { file, line: Number(line), kind, text: `${nameOf(rule.ids)} ${text}` },
    ];
    if (isExpired(rule, ran.today)) return note('expired', `expired on ${rule.expires}`);
    const isCovered = rule.areas.every((area) => folders.some((folder) => isWithin(area, folder)));
    return rule.use.isUsed || !isCovered || !hasRun(rule.ids, ran) ? [] : note(...STALE);
  });
}
