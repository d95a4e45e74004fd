import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Risk } from '../../src/core/finding.js';
import type { CreatedIn, Report, ReportedFile } from '../kustomize/explain.js';

const bin = resolve(import.meta.dirname, '../../dist/bin/kubemend.js');

/** All transforms, and what some have to be told before they write anything. */
const EVERYTHING = ['--profile', 'all', '--set', 'add-resource-quota.pods=1000'];

/**
 * Runs the built command with `--write` in each of the repositories below a folder, with everything that can be asked for. What namespaces lack
 * is told within a repository: over several at once, one hides what the others lack.
 *
 * @returns what the runs say, with paths from the folder
 */
export function harden(folder: string, maxRisk: Risk, repositories: readonly string[]): Report {
  return { files: repositories.flatMap((name) => hardenOne(folder, name, maxRisk)) };
}

function hardenOne(folder: string, name: string, maxRisk: Risk): readonly ReportedFile[] {
  const output = join(folder, '..', 'report.json');
  const args = ['--write', '--quiet', '--max-risk', maxRisk, ...EVERYTHING, '--format', 'json', '--output', output, '.'];
  const { status, stderr } = spawnSync('node', [bin, ...args], { cwd: join(folder, name), encoding: 'utf8' });
  // 2 says that files were refused; anything else is a crash.
  if (status !== 0 && status !== 2) throw new Error(`kubemend ended with ${status} in ${name}: ${stderr}`);
  const { files } = JSON.parse(readFileSync(output, 'utf8')) as Report;
  return files.map((file) => ({
    ...file,
    path: join(name, file.path),
    findings: file.findings.map((finding) => ({
      ...finding,
      ...(finding.created && { created: finding.created.map((created) => fromFolder(name, created)) }),
    })),
  }));
}

function fromFolder(name: string, { file, listedIn, ...rest }: CreatedIn): CreatedIn {
  return { ...rest, file: join(name, file), ...(listedIn !== undefined && { listedIn: join(name, listedIn) }) };
}

/** Findings of a report whose repair was written. */
export function countReady({ files }: Report): number {
  return files.reduce((sum, { findings }) => sum + findings.filter(({ status }) => status === 'ready').length, 0);
}
