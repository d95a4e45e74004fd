import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { dump, load } from 'js-yaml';
import type { DecidedFinding } from '../../src/core/finding.js';
import { isList, isObject, type JsonObject } from '../../src/core/json.js';
import { evaluateObject } from '../../src/kube/pod-security/evaluate.js';
import { parseVersion } from '../../src/kube/versions/versions.js';
import { readCorpus } from '../corpus/files.js';
import { judge } from './ask.js';
import type { FixtureFolder } from './fixtures.js';
import { withFolder, writeTree } from './folders.js';
import { mend } from './mend.js';
import { type Outcome, table } from './print.js';

const FIXTURES = /^(restrictedvolumes|hostpathvolumes)\d/;
const CHECKS: readonly string[] = ['hostPathVolumes', 'restrictedVolumes'];

interface Mounted {
  readonly path: string;
  readonly text: string;
  /** The pod's forbidden volumes, by position and name. */
  readonly volumes: readonly { readonly at: number; readonly name: string }[];
}

/** The fixtures of forbidden volumes, each of which is mounted into every container: a person has to decide, and no volume may go. */
export function checkMounted(oracle: string, { level, version, path }: FixtureFolder): Outcome {
  const files = readCorpus(join(path, 'fail'))
    .filter((file) => FIXTURES.test(file.path))
    .map((file) => mount(file.path, load(file.text) as JsonObject, { level, version }));
  const failing = withFolder((folder) => {
    writeTree(folder, files);
    const lines = judge(oracle, folder, { levels: [level], versions: [version] });
    return new Map(
      lines
        .map(({ file, psa }) => [file, Object.values(psa ?? {})[0]?.forbidden?.length ?? 0] as const)
        .map(([file, count]) => [file.slice(folder.length + 1), count]),
    );
  });
  const results = mend(files, { profile: `pss-${level}`, kubernetesVersion: version, maxRisk: 'high' });
  const faults: string[] = [];
  let volumes = 0;
  let reported = 0;
  let identical = 0;
  for (const file of files) {
    const result = results.get(file.path);
    const where = `${level}/${version}/fail/${file.path}, mounted`;
    const reports = (result?.findings ?? []).filter(({ status, reason }) => status === 'manual' && reason?.code === 'IN_USE');
    for (const volume of file.volumes) {
      volumes++;
      if (reports.some((finding) => isAbout(finding, volume))) reported++;
      else faults.push(`${where}: no finding with IN_USE about volume ${volume.name}`);
    }
    if (file.volumes.length === 0) faults.push(`${where}: no forbidden volume, so nothing was tested`);
    const isOnlyVolumes = failing.get(file.path) === 1;
    const isKept = isOnlyVolumes ? result?.text === file.text : keepsVolumes(file.text, result?.text);
    if (isKept) identical++;
    else faults.push(`${where}: ${isOnlyVolumes ? 'the file' : 'what it says of volumes'} is not as it was`);
  }
  const row = [`${level} ${version}`, files.length, `${reported}/${volumes}`, `${identical}/${files.length}`].map(String);
  return { lines: table(['mounted volumes', 'files', 'reported as IN_USE', 'unchanged'], [row]), faults };
}

function mount(path: string, pod: JsonObject, { level, version }: Omit<FixtureFolder, 'path'>): Mounted {
  const results = evaluateObject(pod, level, parseVersion(version)) ?? [];
  const paths = results.flatMap((result) => (!result.allowed && CHECKS.includes(result.id) ? result.paths : []));
  const spec = pod.spec as JsonObject;
  const volumes = paths.map((each) => {
    const at = Number(each[2]);
    return { at, name: String((spec.volumes as readonly JsonObject[])[at]?.name) };
  });
  const volumeMounts = volumes.map(({ name }, position) => ({ name, mountPath: `/mnt/${position}` }));
  const withMounts = (list: unknown) => (list as readonly JsonObject[]).map((container) => ({ ...container, volumeMounts }));
  const lists = ['containers', 'initContainers'].filter((key) => isList(spec[key]));
  const mounted = { ...pod, spec: { ...spec, ...Object.fromEntries(lists.map((key) => [key, withMounts(spec[key])])) } };
  return { path, volumes, text: dump(mounted, { noRefs: true }) };
}

/** Whether a finding speaks of the volume: by its place or by its name. */
function isAbout({ path, subject, message, reason }: DecidedFinding, { at, name }: { at: number; name: string }): boolean {
  if (path.slice(0, 3).join('.') === `spec.volumes.${at}`) return true;
  const words = `${subject} ${message} ${reason?.text}`.split(/[^\w.-]+/);
  return words.includes(name);
}

function keepsVolumes(before: string, after: string | undefined): boolean {
  return after !== undefined && isDeepStrictEqual(volumesOf(before), volumesOf(after));
}

function volumesOf(text: string): unknown {
  const { spec } = load(text) as { spec: JsonObject };
  const mountsOf = (list: unknown) =>
    (isList(list as never) ? (list as JsonObject[]).filter(isObject) : []).map((each) => each.volumeMounts);
  return [spec.volumes, mountsOf(spec.containers), mountsOf(spec.initContainers)];
}
