import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { Risk } from '../../../src/core/finding.js';
import { evidenceOf } from '../../../src/discover/classify.js';
import { readDockerfile } from '../../../src/kube/facts/dockerfile.js';
import type { FileToGroup } from '../../../src/pr/plan/alone.js';
import { type Grouping, type GroupOptions, groupFindings } from '../../../src/pr/plan/group.js';
import { createSession, inSurveyOrder, type SessionOptions } from '../../../src/session.js';

/** Texts by path. */
export type Tree = Readonly<Record<string, string>>;

export const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** The manifests and the evidence of a folder. */
export function readTree(folder: string): Tree {
  const files = fs
    .readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && (/\.ya?ml$/.test(entry.name) || evidenceOf(entry.name) !== undefined))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
  return Object.fromEntries(
    files.map((file) => [path.relative(folder, file).split(path.sep).join('/'), fs.readFileSync(file, 'utf8')]),
  );
}

/** The first look at all files of a repository, and how to look at each again. */
export function lookAt(tree: Tree, maxRisk: Risk = 'high', asked: SessionOptions = {}): readonly FileToGroup[] {
  const session = createSession({ maxRisk, series: true, readDockerfile, claims: 'now', ...asked });
  const entries = inSurveyOrder(Object.entries(tree), ([file]) => file);
  for (const [file, text] of entries) if (evidenceOf(file) !== undefined) session.consult(file, text);
  const manifests = entries.filter(([file]) => evidenceOf(file) === undefined);
  for (const [file, text] of manifests) session.survey(file, text);
  if (session.awaiting().length > 0) for (const [file, text] of manifests) session.weigh(file, text);
  return manifests.map(([file, text]) => ({
    path: file,
    text,
    result: session.fix(file, text),
    fix: (accept) => session.fix(file, text, accept),
  }));
}

/** All that one run over everything makes of it. */
export function writeAll(tree: Tree, maxRisk: Risk = 'high', asked: SessionOptions = {}): Tree {
  return { ...tree, ...Object.fromEntries(lookAt(tree, maxRisk, asked).map(({ path: file, result }) => [file, result.text])) };
}

export function group(
  tree: Tree,
  options: Partial<GroupOptions> & { readonly maxRisk?: Risk; readonly asked?: SessionOptions } = {},
): Grouping {
  const { maxRisk = 'high', asked, ...rest } = options;
  return groupFindings(lookAt(tree, maxRisk, asked), {
    groupBy: 'risk',
    commitType: 'fix',
    commitScope: 'security',
    sha256,
    ...rest,
  });
}

/** A deployment with one container for each line of `containers`, such as `{name: web, image: nginx}`. */
export function deployment(name: string, ...containers: readonly string[]): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      containers:
${containers.map((container) => `        - ${container}\n`).join('')}`;
}
