import { isDeepStrictEqual } from 'node:util';
import { load, loadAll } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { type DecidedFinding, RISKS, type Risk } from '../../src/core/finding.js';
import type { Json } from '../../src/core/json.js';
import { createEngine } from '../../src/engine/engine.js';
import type { Engine, FileResult } from '../../src/engine/types.js';
import type { SettingValues } from '../../src/kube/settings.js';
import { type Transform, tellTransform } from '../../src/kube/types.js';
import type { PodSecurityLevel } from '../../src/kube/versions/types.js';
import { parseVersionRange, SUPPORTED_RANGE } from '../../src/kube/versions/versions.js';

interface Row {
  readonly name: string;
  /** Other files of the repository, for the index. */
  readonly others?: readonly string[];
  /** What the transform is told. */
  readonly settings?: SettingValues;
  /** The digests that are recorded, by full name. */
  readonly digests?: Readonly<Record<string, string>>;
  /** The level of the Pod Security Standards that the run is for; none by default. */
  readonly level?: PodSecurityLevel;
  /** `1.31`, `1.28-1.33`: the versions that the manifest is for; all supported ones by default. */
  readonly kubernetes?: string;
}

/** A manifest that is mended. */
export interface FixedRow extends Row {
  readonly before: string;
  readonly after: string;
  /** The highest risk among what is ready. */
  readonly risk: Risk;
}

/** A manifest that stays as it is, at any risk. */
export interface LeftRow extends Row {
  readonly manifest: string;
  /** Why a finding was left to a person. Without it, nothing may be found. */
  readonly reason?: RegExp;
}

/** A manifest of which findings are left to a person, and nothing else is found. */
export interface ReportedRow extends Row {
  readonly manifest: string;
  /** In the order of the text. */
  readonly found: readonly { readonly line: number; readonly message: RegExp; readonly reason: RegExp }[];
}

/**
 * Rows of what a transform alone makes of a manifest. Each is also run at every lower risk, with CRLF, with four-space indents, inside a
 * `List` and as JSON; must be a fixed point; must keep every comment.
 */
export function itFixes(transform: Transform, rows: readonly FixedRow[]): void {
  describe(`${transform.id} fixes`, () => {
    it.each(rows.map((row) => [row.name, row] as const))('%s', (_, row) => {
      const fix = (text: string, risk: Risk = 'high') => run(transform, text, risk, row);
      const { before, after } = row;
      const result = fix(before);
      expect(result.text).toBe(after);
      expect(riskOf(result.findings)).toBe(row.risk);
      for (const risk of RISKS.slice(0, RISKS.indexOf(row.risk))) expect(fix(before, risk).text).not.toBe(after);
      expect(fix(after)).toMatchObject({ text: after, status: 'unchanged' });
      expect(fix(toCrlf(before)).text).toBe(toCrlf(after));
      expect(fix(toList(before)).text).toBe(toList(after));
      expect(fix(toCrlf(toList(before))).text).toBe(toCrlf(toList(after)));
      expect(load(fix(toFourSpaces(before)).text)).toEqual(load(after));
      expect(JSON.parse(fix(toJson(before)).text)).toEqual(load(after));
      for (const comment of commentsOf(before)) expect(result.text).toContain(comment);
    });
  });
}

/**
 * Rows of manifests beside which a transform alone creates objects: `after` holds them as new documents. Each is also run at every
 * lower risk, with CRLF, with four-space indents, as items of a `List` and of one in JSON; must be a fixed point; must keep every
 * comment.
 */
export function itCreates(transform: Transform, rows: readonly FixedRow[]): void {
  describe(`${transform.id} creates`, () => {
    it.each(rows.map((row) => [row.name, row] as const))('%s', (_, row) => {
      const fix = (text: string, risk: Risk = 'high') => run(transform, text, risk, row);
      const { before, after } = row;
      const result = fix(before);
      expect(result.text).toBe(after);
      expect(riskOf(result.findings)).toBe(row.risk);
      expect(loadAll(after).length).toBeGreaterThan(loadAll(before).length);
      for (const risk of RISKS.slice(0, RISKS.indexOf(row.risk))) expect(fix(before, risk).text).not.toBe(after);
      expect(fix(after)).toMatchObject({ text: after, status: 'unchanged' });
      expect(riskOf(fix(after).findings)).toBeUndefined();
      expect(fix(toCrlf(before)).text).toBe(toCrlf(after));
      const spaced = loadAll(before).map((value) => toFourSpaces(toJson(JSON.stringify(value))));
      expect(loadAll(fix(spaced.join('---\n')).text)).toEqual(loadAll(after));
      for (const list of [toYamlList(before), toCrlf(toYamlList(before)), `${JSON.stringify(listOf(before), undefined, 2)}\n`]) {
        const { text } = fix(list);
        expect(itemsOf(load(text))).toEqual(itemsOf(listOf(after)));
        expect(fix(text)).toMatchObject({ text, status: 'unchanged' });
      }
      for (const comment of commentsOf(before)) expect(result.text).toContain(comment);
    });
  });
}

/** The documents as items of a `List`. */
function listOf(text: string): Json {
  return { apiVersion: 'v1', kind: 'List', items: loadAll(text) as Json[] };
}

function toYamlList(text: string): string {
  return `${blockOf(listOf(text), '').trimStart()}\n`;
}

/** New ones come last, wherever new documents go. */
function itemsOf(list: unknown): readonly string[] {
  return (list as { readonly items: readonly Json[] }).items.map((item) => JSON.stringify(item)).sort();
}

/** Rows of manifests that a transform alone must leave as they are, at any risk and in any form. */
export function itLeaves(transform: Transform, rows: readonly LeftRow[]): void {
  describe(`${transform.id} leaves`, () => {
    it.each(rows.map((row) => [row.name, row] as const))('%s', (_, row) => {
      const { manifest, reason } = row;
      for (const text of [manifest, toCrlf(manifest), toList(manifest), toFourSpaces(manifest), toJson(manifest)]) {
        const result = run(transform, text, 'high', row);
        expect(result).toMatchObject({ status: 'unchanged', text });
        if (reason === undefined) expect(result.findings).toEqual([]);
        else expect(result.findings.map((finding) => finding.reason?.text)).toContainEqual(expect.stringMatching(reason));
      }
    });
  });
}

/** Rows of manifests that stay as they are, at any risk and in any form, with what a transform alone has to say of each. */
export function itReports(transform: Transform, rows: readonly ReportedRow[]): void {
  describe(`${transform.id} reports`, () => {
    it.each(rows.map((row) => [row.name, row] as const))('%s', (_, row) => {
      const { manifest, found } = row;
      const linesAdded = toList(manifest).split('\n').length - manifest.split('\n').length;
      for (const text of [manifest, toCrlf(manifest), toList(manifest), toFourSpaces(manifest), toJson(manifest)]) {
        const result = run(transform, text, 'high', row);
        expect(result).toMatchObject({ status: 'unchanged', text });
        const said = found.map(({ message }) => expect.stringMatching(message));
        expect(result.findings.map(({ message }) => message)).toEqual(said);
        expect(result.findings.map(({ reason }) => reason?.text)).toEqual(
          found.map(({ reason }) => expect.stringMatching(reason)),
        );
        expect(result.findings.map(({ status }) => status)).toEqual(found.map(() => 'manual'));
      }
      const linesOf = (text: string) => run(transform, text, 'high', row).findings.map(({ line }) => line);
      expect(linesOf(manifest)).toEqual(found.map(({ line }) => line));
      expect(linesOf(toCrlf(manifest))).toEqual(found.map(({ line }) => line));
      expect(linesOf(toList(manifest))).toEqual(found.map(({ line }) => line + linesAdded));
    });
  });
}

function run(
  transform: Transform,
  text: string,
  maxRisk: Risk,
  { others = [], settings, digests, level, kubernetes }: Row,
): FileResult {
  const told = settings ? tellTransform(transform, settings) : transform;
  const engine = createEngine({
    transforms: [told],
    maxRisk,
    includeSystem: false,
    today: '2026-01-01',
    series: false,
    forecast: [],
    versions: kubernetes === undefined ? SUPPORTED_RANGE : parseVersionRange(kubernetes),
    ...(digests && { digestOf: (image) => digests[image] }),
    ...(level && { level }),
  });
  for (const [position, other] of others.entries()) engine.addFacts(`other-${position}.yaml`, other);
  engine.addFacts('x.yaml', text);
  if (told.objects?.awaitsLevels) weighAll(engine, others, text);
  const result = engine.fix('x.yaml', text);
  expect(result.bug).toBeUndefined();
  return result;
}

/** What is in each Namespace, as it is. */
function weighAll(engine: Engine, others: readonly string[], text: string): void {
  const { levels, objectsOf } = engine.index;
  for (const { file, name } of objectsOf({ group: '', kind: 'Namespace' })) levels.await({ file, namespace: name });
  for (const [position, other] of others.entries()) engine.weigh(`other-${position}.yaml`, other, true);
  engine.weigh('x.yaml', text, true);
}

function riskOf(findings: readonly DecidedFinding[]): Risk | undefined {
  const ready = findings.filter(({ status }) => status === 'ready').map(({ risk }) => risk);
  return RISKS.findLast((risk) => ready.includes(risk));
}

function toCrlf(text: string): string {
  return text.replaceAll('\n', '\r\n');
}

/** The manifest as the second item of a `List`. */
function toList(text: string): string {
  const lines = text.split('\n').map((line, position) => (line === '' ? '' : `${position === 0 ? '  - ' : '    '}${line}`));
  const other = '  - apiVersion: v1\n    kind: ConfigMap\n    metadata:\n      name: other\n';
  return `apiVersion: v1\nkind: List\nitems:\n${other}${lines.join('\n')}`;
}

function toJson(text: string): string {
  return `${JSON.stringify(load(text), undefined, 2)}\n`;
}

/** The same value in block style with four-space indents, lists indented too. */
function toFourSpaces(text: string): string {
  const value = load(text) as Json;
  const written = `${blockOf(value, '').trimStart()}\n`;
  if (!isDeepStrictEqual(load(written), value)) throw new Error('the harness wrote another value');
  return written;
}

function blockOf(value: Json, indent: string): string {
  if (typeof value !== 'object' || value === null) return ` ${JSON.stringify(value)}`;
  if (Object.keys(value).length === 0) return Array.isArray(value) ? ' []' : ' {}';
  if (Array.isArray(value)) {
    return value.map((item: Json) => `\n${indent}-   ${blockOf(item, `${indent}    `).trimStart()}`).join('');
  }
  return Object.entries(value)
    .map(([key, inner]) => `\n${indent}${JSON.stringify(key)}:${blockOf(inner as Json, `${indent}    `)}`)
    .join('');
}

function commentsOf(text: string): readonly string[] {
  return [...text.matchAll(/(?:^|\s)(#.*)$/gm)].map(([, comment]) => comment ?? '');
}

/** A Deployment with one container, `web`, whose lines follow its image. */
export const container = containerOf('ghcr.io/acme/web:1');

/** The same for an image of one's choice. */
export function containerOf(image: string): (strings: TemplateStringsArray, ...values: readonly string[]) => string {
  return (strings, ...values) => {
    const lines = dedent(String.raw({ raw: strings }, ...values));
    return podOf(`containers:\n  - name: web\n    image: ${image}\n${indent(lines, 4)}`);
  };
}

/** A Deployment whose pod has these lines. */
export function pod(strings: TemplateStringsArray, ...values: readonly string[]): string {
  return podOf(dedent(String.raw({ raw: strings }, ...values)));
}

function podOf(lines: string): string {
  const head =
    'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  selector:\n    matchLabels:\n      app: web\n';
  return `${head}  template:\n    metadata:\n      labels:\n        app: web\n    spec:\n${indent(lines, 6)}`;
}

/** A whole manifest, as it is indented where it stands. */
export function manifest(strings: TemplateStringsArray, ...values: readonly string[]): string {
  return dedent(String.raw({ raw: strings }, ...values));
}

/** Without the line of the opening quote, the indent of the first line, and the blanks before the closing quote. */
function dedent(text: string): string {
  const body = text.replace(/^\n/, '').replace(/\n[ ]*$/, '\n');
  const width = /^ */.exec(body)?.[0].length ?? 0;
  return body
    .split('\n')
    .map((line) => line.slice(Math.min(width, line.length - line.trimStart().length)))
    .join('\n');
}

function indent(text: string, width: number): string {
  return text.replace(/^(?=.)/gm, ' '.repeat(width));
}
