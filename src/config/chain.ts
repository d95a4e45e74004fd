import type { Profile } from '../../transforms/profiles.js';
import { ConfigError, type ConfigProblem } from '../core/errors.js';
import type { Path } from '../core/json.js';
import { compilePatterns, type PatternsDecision } from './patterns.js';
import { checkUse, readProfiles, reportInto } from './profiles.js';
import { readConfig } from './read.js';
import type { Layer } from './types.js';

/** A configuration file that was opened. */
export interface Source {
  /** Absolute and real, with `/`: the same file has the same. */
  readonly path: string;
  /** As messages name it. */
  readonly file: string;
  readonly text: string;
}

/** Opens a file that another one extends, or says why that cannot be. */
export type Open = (from: Source, named: string) => Source | { readonly trouble: string };

/** A configuration with all that it takes over. */
export interface Chain {
  /** What is taken over comes first; a later layer wins. */
  readonly layers: readonly CompiledLayer[];
  /** The profiles that it defines. */
  readonly profiles: readonly Profile[];
}

export interface CompiledLayer extends Layer {
  readonly excludes: (path: string) => PatternsDecision;
  /** Whether each override is for a path. */
  readonly overrides: readonly ((path: string) => boolean)[];
}

/** More files than anybody takes over. */
const MAX_FILES = 50;

/**
 * Reads a configuration and what it extends.
 * @param folder from which its patterns count: absolute, with `/`
 * @throws {ConfigError} with all that is wrong in all of the files
 */
export function readChain(source: Source, folder: string, open: Open): Chain {
  const problems: ConfigProblem[] = [];
  const layers: Layer[] = [];
  const done = new Set<string>();
  const add = (current: Source, above: readonly Source[]): void => {
    done.add(current.path);
    const { config, problems: own } = readConfig(current.file, current.text);
    problems.push(...own);
    for (const [index, named] of (config.values.extends ?? []).entries()) {
      const problem = extend(current, named, above);
      if (problem === undefined) continue;
      const item: Path = ['extends', index];
      const at = config.position(item);
      // One file alone is no list.
      problems.push({
        file: config.file,
        position: at.line === 1 && at.column === 1 ? config.position(['extends']) : at,
        text: problem,
      });
    }
    layers.push({ ...config, folder: current === source ? folder : folderFor(current.path, folder) });
  };
  const extend = (from: Source, named: string, above: readonly Source[]): string | undefined => {
    const base = open(from, named);
    if ('trouble' in base) return `extends: ${base.trouble}`;
    const open_ = [...above, from];
    const ring = open_.findIndex(({ path }) => path === base.path);
    if (ring >= 0) return `extends: a ring of files: ${[...open_.slice(ring), base].map(({ file }) => file).join(' → ')}`;
    if (done.has(base.path)) return undefined;
    if (done.size >= MAX_FILES) return `extends: more than ${MAX_FILES} files`;
    add(base, open_);
    return undefined;
  };
  add(source, []);
  const report = reportInto(problems);
  const profiles = readProfiles(layers, report);
  checkUse(layers, profiles, report);
  if (problems.length > 0) throw new ConfigError(inOrder(problems));
  return { layers: layers.map(compile), profiles };
}

/** The patterns of a file above count from its own folder; those of a file elsewhere, from that of the file that takes it over. */
function folderFor(path: string, folder: string): string {
  const own = path.slice(0, path.lastIndexOf('/'));
  return folder === own || folder.startsWith(`${own}/`) ? own : folder;
}

function inOrder(problems: readonly ConfigProblem[]): readonly ConfigProblem[] {
  const files = [...new Set(problems.map(({ file }) => file))];
  return problems.toSorted(
    (a, b) =>
      files.indexOf(a.file) - files.indexOf(b.file) || a.position.line - b.position.line || a.position.column - b.position.column,
  );
}

function compile(layer: Layer): CompiledLayer {
  const { folder, values } = layer;
  return {
    ...layer,
    excludes: compilePatterns(folder, values.exclude ?? []),
    overrides: (values.overrides ?? []).map(({ paths }) => {
      const decide = compilePatterns(folder, paths);
      return (path) => decide(path)?.isTaken === true;
    }),
  };
}

/** Why a path is left alone, in words; a folder ends in `/`. */
export function excludedBy({ layers }: Chain, path: string): string | undefined {
  for (const layer of layers.toReversed()) {
    const decision = layer.excludes(path);
    if (decision === undefined) continue;
    if (!decision.isTaken) return undefined;
    const { line } = layer.position(['exclude', (layer.values.exclude ?? []).indexOf(decision.pattern)]);
    return `excluded by "${decision.pattern}" in ${layer.file}:${line}`;
  }
  return undefined;
}
