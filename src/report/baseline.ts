import { UsageError } from '../core/errors.js';
import type { ObjectRef } from '../core/finding.js';
import type { FindingIdentity } from '../engine/types.js';

/** The version of the file's shape. */
const FORMAT = 1;

const SCHEMA = 'https://github.com/kubemend/kubemend/raw/main/docs/baseline.schema.json';

/** What a finding is known by: no line and no position, so that it stays known when things move. */
export interface BaselineEntry {
  /** Relative to the folder that the baseline is in, with `/`. */
  readonly file: string;
  /** `Deployment.apps shop/web` */
  readonly object: string;
  readonly transform: string;
  readonly subject: string;
  readonly message: string;
}

const KEYS = ['file', 'object', 'transform', 'subject', 'message'] as const;

export function entryOf({ transform, object, subject, message }: FindingIdentity, file: string): BaselineEntry {
  return { file, object: identify(object), transform, subject, message };
}

/** Without the version of the group, which an upgrade changes. */
function identify({ apiVersion, kind, namespace, name }: ObjectRef): string {
  const group = apiVersion.includes('/') ? `.${apiVersion.slice(0, apiVersion.indexOf('/'))}` : '';
  return `${kind}${group} ${namespace === undefined ? '' : `${namespace}/`}${name ?? ''}`.trimEnd();
}

/** The same for the same finding, and for no other. */
export function keyOf(entry: BaselineEntry): string {
  return JSON.stringify(KEYS.map((key) => entry[key]));
}

/** A file with one finding to a line, sorted, so that a change of it reads well; `docs/baseline.schema.json` says what it holds. */
export function formatBaseline(entries: Iterable<BaselineEntry>): string {
  const byKey = new Map([...entries].map((entry) => [keyOf(entry), entry]));
  const sorted = [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
  const lines = sorted.map((entry) => `    ${JSON.stringify(Object.fromEntries(KEYS.map((key) => [key, entry[key]])))}`);
  return `{\n  "$schema": "${SCHEMA}",\n  "format": ${FORMAT},\n  "findings": [${lines.length === 0 ? '' : `\n${lines.join(',\n')}\n  `}]\n}\n`;
}

/**
 * @param name what messages call the file
 * @throws {UsageError} when it is no baseline
 */
export function parseBaseline(text: string, name: string): readonly BaselineEntry[] {
  const refuse = (what: string) =>
    new UsageError(`--baseline "${name}" ${what}; mend it, or remove it and record anew with --update-baseline`);
  const document = parseJson(text, refuse);
  if (!isRecord(document) || !Array.isArray(document.findings)) throw refuse('is no baseline: it has no list "findings"');
  if (document.format !== FORMAT) throw refuse(`has another format than ${FORMAT}, which this version of kubemend reads`);
  return document.findings.map((entry: unknown, at): BaselineEntry => {
    const wrong = isRecord(entry) ? KEYS.find((key) => typeof entry[key] !== 'string') : KEYS[0];
    if (wrong !== undefined) throw refuse(`has no "${wrong}" in finding ${at + 1}`);
    return entry as unknown as BaselineEntry;
  });
}

function parseJson(text: string, refuse: (what: string) => UsageError): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (error) {
    const position = /at position (\d+)/.exec(String(error))?.[1];
    const line = position === undefined ? undefined : text.slice(0, Number(position)).split('\n').length;
    throw refuse(`is not JSON${line === undefined ? '' : `, on line ${line}`}`);
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
