import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Counted, CustomKindFound, Found } from '../config/draft.js';
import { lowestMinor, removedIn } from '../config/version-hints.js';
import { ManifestError, UsageError } from '../core/errors.js';
import { isObject, type Json, type JsonObject } from '../core/json.js';
import { isForTests, isKustomization } from '../discover/classify.js';
import { type Discovered, discover } from '../discover/disk/discover.js';
import { findPod } from '../kube/find-pod.js';
import { findKindProblem } from '../kube/kinds/custom.js';
import { findPodTemplate, objectsIn } from '../kube/kinds.js';
import { isSystemNamespace } from '../kube/namespaces.js';
import { createSession } from '../session.js';
import { splitDocuments } from '../yaml/documents.js';
import { parseDocument } from '../yaml/parse.js';
import { indexLines, lineAt } from '../yaml/tree.js';
import { documentValue } from '../yaml/value.js';
import { readText } from './read.js';

/** What a folder holds that a configuration may speak of. Files that cannot be read say nothing. */
export async function lookAround(folder: string, schema: string): Promise<Found> {
  const { files, left, context } = await discoverAll(folder);
  const session = createSession({ base: folder.split(path.sep).join('/') });
  const texts = new Map<string, string>();
  for (const file of [...context, ...files]) {
    const reading = readText(path.join(folder, file));
    if ('text' in reading) {
      session.survey(file, reading.text);
      texts.set(file, reading.text);
    }
  }
  const tally = createTally();
  for (const entry of left) tally.leave(entry.code);
  for (const [file, text] of texts) {
    if (isKustomization(file)) tally.kustomizations++;
    else if (path.posix.basename(file) === 'Chart.yaml') {
      readChart(file, text, tally);
      tally.leave('CHART');
    } else {
      const verdict = session.left(file) ? undefined : session.judge(file, text, 'restricted');
      const isOurs = verdict === undefined ? false : verdict.status === 'judged' || verdict.left?.code === 'NO_OBJECTS';
      const why = session.left(file) ?? verdict?.left;
      if (why) tally.leave(why.code);
      if (isOurs) readObjects(file, text, tally);
    }
  }
  return tally.found(schema);
}

/** Everything there; a folder without a manifest may get some later. */
async function discoverAll(folder: string): Promise<Pick<Discovered, 'files' | 'left' | 'context'>> {
  try {
    return await discover({ cwd: folder, paths: ['.'], exclude: [] });
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { files: [], left: [], context: [] };
  }
}

interface FolderTally {
  kustomizations: number;
  readonly charts: string[];
  lowest: Found['lowest'];
  leave(code: string): void;
  addFile(file: string, workloads: number): void;
  addObject(apiVersion: string, kind: string, value: JsonObject, where: string): void;
  found(schema: string): Found;
}

/** In the singular. A file in a folder that is not entered does not come here. */
const REASONS: Readonly<Record<string, string>> = {
  VENDORED: 'vendored folder',
  GENERATED: 'generated file',
  CHART: 'chart file',
  PATCH: 'patch',
  SOPS: 'SOPS file',
  YTT: 'ytt file',
  TEMPLATE: 'template',
};

function createTally(): FolderTally {
  const left = new Map<string, number>();
  const forTests = new Map<string, number>();
  const environments = new Set<string>();
  const systems = new Map<string, number>();
  const others = new Map<string, number>();
  const customKinds = new Map<string, CustomKindFound>();
  const removed = new Map<string, Found['removed'][number]>();
  let files = 0;
  let workloads = 0;
  return {
    kustomizations: 0,
    charts: [],
    lowest: undefined,
    leave(code) {
      const reason = REASONS[code];
      if (reason !== undefined) add(left, reason);
    },
    addFile(file, number) {
      if (number === 0) return;
      files++;
      workloads += number;
      const steps = path.posix.dirname(file).split('/');
      const test = steps.findIndex((step) => isForTests(step));
      if (test >= 0) add(forTests, steps.slice(0, test + 1).join('/'));
      const environment = steps.findIndex((step) => ENVIRONMENT.test(step));
      if (environment >= 0) environments.add(steps.slice(0, environment + 1).join('/'));
    },
    addObject(apiVersion, kind, value, where) {
      const minor = removedIn(apiVersion, kind);
      const type = `${apiVersion} ${kind}`;
      if (minor !== undefined && !removed.has(type)) removed.set(type, { type, where, minor });
      if (findPodTemplate(value, { apiVersion, kind })) {
        const namespace = isObject(value.metadata) ? value.metadata.namespace : undefined;
        if (typeof namespace !== 'string') return;
        if (isSystemNamespace(namespace)) add(systems, namespace);
        else if (/^[a-z0-9-]+-system$/.test(namespace)) add(others, namespace);
        return;
      }
      const group = apiVersion.split('/')[0] ?? '';
      const podTemplate = group.includes('.') && apiVersion.includes('/') ? findPod(value) : undefined;
      if (podTemplate === undefined || group.endsWith('.k8s.io')) return;
      // What no configuration can name could be more than a name in one.
      if (findKindProblem({ group, kind, podTemplate }) !== undefined) return;
      const known = customKinds.get(type);
      customKinds.set(type, { group, kind, podTemplate, where: known?.where ?? where, count: (known?.count ?? 0) + 1 });
    },
    found(schema) {
      const { kustomizations, charts, lowest } = this;
      return {
        schema,
        files,
        workloads,
        kustomizations,
        charts,
        left,
        forTests: counted(forTests),
        environments: [...environments].sort(),
        systemNamespaces: counted(systems),
        otherSystems: counted(others),
        customKinds: [...customKinds.values()],
        removed: [...removed.values()],
        lowest,
      };
    },
  };
}

/** Names of folders in which a team may take more risk, or less. */
const ENVIRONMENT = /^(?:dev|development|test|testing|qa|stage|staging|preprod|prod|production|sandbox|local)$/;

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function counted(counts: ReadonlyMap<string, number>): readonly Counted[] {
  return [...counts].map(([name, count]) => ({ name, count })).sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
}

function readObjects(file: string, text: string, tally: FolderTally): void {
  let workloads = 0;
  for (const { value: document, line } of documentsOf(text)) {
    for (const { apiVersion, kind, value } of objectsIn(document)) {
      if (apiVersion === '' || kind === '') continue;
      tally.addObject(apiVersion, kind, value, `${file}:${line}`);
      if (findPodTemplate(value, { apiVersion, kind })) workloads++;
    }
  }
  tally.addFile(file, workloads);
}

function readChart(file: string, text: string, tally: FolderTally): void {
  const folder = path.posix.dirname(file);
  tally.charts.push(folder === '.' ? '' : folder);
  for (const { value } of documentsOf(text)) {
    const kubeVersion = isObject(value) ? value.kubeVersion : undefined;
    const minor = typeof kubeVersion === 'string' ? lowestMinor(kubeVersion) : undefined;
    if (minor !== undefined && (tally.lowest === undefined || minor < tally.lowest.minor)) tally.lowest = { minor, where: file };
  }
}

function* documentsOf(text: string): Iterable<{ readonly value: Json; readonly line: number }> {
  const lines = indexLines(text);
  for (const slice of splitDocuments(text)) {
    try {
      const document = parseDocument(lines, slice);
      if (document) yield { value: documentValue(document), line: lineAt(lines, document.root.start) + 1 };
    } catch (error) {
      if (!(error instanceof ManifestError)) throw error;
    }
  }
}

/** Where the schema is: in the folder's own package, or where the project keeps it. */
export function schemaFor(folder: string): string {
  const own = './node_modules/kubemend/docs/kubemend.schema.json';
  return existsSync(path.join(folder, own))
    ? own
    : 'https://raw.githubusercontent.com/kubemend/kubemend/main/docs/kubemend.schema.json';
}
