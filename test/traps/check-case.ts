import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { type DecidedFinding, type FileResult, fix, type SourceFile } from '../../src/index.js';
import { type Case, type Expectation, trapFile } from './trap.js';

/** Runs one text through the library and compares every byte, and every finding that is not part of the output. */
export function checkCase(id: string, row: Case): void {
  const text = readText(id, row.input);
  const result = fixAmong(id, row, text);
  // What our own proof would not let pass is never an answer.
  expect(result.bug).toBeUndefined();

  const { expect: wanted } = row;
  if ('output' in wanted) {
    expect(result.text).toBe(readText(id, wanted.output));
    expect(result.status).toBe('changed');
    expectFixedPoint(id, row, result);
  } else {
    expect(result.text).toBe(text);
    expect(result.status).toBe(wanted.stays);
    expectReason(result, wanted);
  }
  expectFindings(result.findings, wanted);
}

function fixAmong(id: string, { input, others = [], maxRisk, transforms }: Case, text: string): FileResult {
  const files: SourceFile[] = [{ path: input, text }, ...others.map((path) => ({ path, text: readText(id, path) }))];
  const { files: results } = fix(files, { ...(maxRisk && { maxRisk }), ...(transforms && { transforms }) });
  return results[0] as FileResult;
}

function expectFixedPoint(id: string, row: Case, result: FileResult): void {
  const again = fixAmong(id, row, result.text);
  expect(again.text).toBe(result.text);
  expect(again.status).toBe('unchanged');
}

function expectReason(
  { left, error, status, objects }: FileResult,
  wanted: Extract<Expectation, { readonly stays: string }>,
): void {
  const code = left?.code ?? error?.code;
  const reason = left?.text ?? error?.message;
  if (wanted.code !== undefined || status !== 'unchanged') expect(code).toBe(wanted.code);
  if (wanted.says !== undefined) expect(reason).toContain(wanted.says);
  const reasons = objects.flatMap((object) => object.left ?? []);
  expect(reasons).toEqual((wanted.objects ?? []).map((part) => expect.stringContaining(part) as string));
  if (wanted.line !== undefined) expect(error?.position.line).toBe(wanted.line);
}

function expectFindings(findings: readonly DecidedFinding[], { findings: wanted = [] }: Expectation): void {
  const rest = findings.filter(({ status }) => status !== 'ready').map(describeFinding);
  const expected = wanted.map(({ transform, subject, status, code, says }) => ({
    transform,
    subject,
    status,
    code,
    says: expect.stringContaining(says) as string,
  }));
  expect(rest.sort(byPlace)).toEqual(expected.sort(byPlace));
}

function describeFinding({ transform, subject, status, reason, message }: DecidedFinding) {
  return { transform, subject, status, code: reason?.code, says: `${message}; ${reason?.text}` };
}

interface Placed {
  readonly transform: string;
  readonly subject: string;
}

function byPlace(a: Placed, b: Placed): number {
  const left = `${a.transform} ${a.subject}`;
  const right = `${b.transform} ${b.subject}`;
  return left < right ? -1 : left > right ? 1 : 0;
}

/** As it is, its byte order mark included. */
function readText(id: string, name: string): string {
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(trapFile(id, name)));
}
