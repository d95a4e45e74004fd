import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { describe, expect, test } from 'vitest';

/** What each layer may import besides itself. Imports go down only. */
const LAYERS: Readonly<Record<string, readonly string[]>> = {
  core: [],
  yaml: ['core'],
  kube: ['core', 'yaml'],
  engine: ['core', 'yaml', 'kube'],
  discover: ['core', 'yaml'],
  report: ['core', 'yaml'],
  transforms: ['core', 'kube'],
  config: ['core', 'yaml', 'kube', 'discover', 'transforms'],
  session: ['core', 'kube', 'engine', 'discover', 'transforms'],
  index: ['core', 'yaml', 'kube', 'engine', 'report', 'session', 'transforms', 'version'],
  version: [],
  git: [],
  http: [],
  registry: ['core', 'kube', 'http'],
  pr: ['core', 'yaml', 'kube', 'engine', 'discover', 'report', 'config', 'session', 'git', 'http', 'version'],
  cli: ['core', 'yaml', 'kube', 'engine', 'discover', 'report', 'config', 'session', 'git', 'http', 'registry', 'pr', 'version'],
  bin: ['cli', 'version'],
};
/** Contracts: plain types that may be named above and beside, never code. */
const CONTRACTS = ['src/engine/types', 'src/kube/types', 'src/kube/versions/types', 'src/kube/pod-security/types'];
/** The only places that may touch disk, processes and streams. */
const MAY_USE_NODE =
  /^(src\/cli\/|src\/discover\/disk\/|src\/git\/|src\/http\/|src\/registry\/|src\/pr\/(git\/|forge\/|run)|bin\/)/;
/** What is decided of pull requests asks neither git nor a forge. */
const IS_PLAN = /^src\/pr\/plan\//;

interface Import {
  readonly file: string;
  readonly target: string;
  readonly isType: boolean;
}

const files = ['src', 'transforms', 'bin'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .map((name) => path.join(folder, name)),
);

function importsOf(file: string): Import[] {
  const text = readFileSync(file, 'utf8');
  const statements = text.matchAll(/^(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?'([^']+)'/gm);
  const dynamic = text.matchAll(/\bimport\('([^']+)'\)/g);
  return [
    ...[...statements].map((match) => ({ file, target: match[2] as string, isType: match[1] !== undefined })),
    ...[...dynamic].map((match) => ({ file, target: match[1] as string, isType: false })),
  ];
}

/** `src/yaml/splice.ts` is in `yaml`, `src/index.ts` in `index`. */
function layerOf(file: string): string {
  const parts = file.split('/');
  return (parts[0] === 'src' ? parts[1] : parts[0])?.replace(/\.(ts|js)$/, '') ?? '';
}

const all = files.flatMap(importsOf);
const relative = all.filter(({ target }) => target.startsWith('.'));
const packages = all.filter(({ target }) => !target.startsWith('.'));
const isBuiltin = (target: string) => target.startsWith('node:') || builtinModules.includes(target);

describe('imports', () => {
  test('are found', () => {
    expect(files.length).toBeGreaterThan(40);
    expect(relative.length).toBeGreaterThan(100);
    expect([...new Set(files.map(layerOf))].sort()).toEqual(Object.keys(LAYERS).sort());
  });

  test('go down only', () => {
    const wrong = relative.flatMap(({ file, target, isType }) => {
      const aim = path.join(path.dirname(file), target).replace(/\.js$/, '');
      if (aim === 'package.json') return [];
      const [from, to] = [layerOf(file), layerOf(aim)];
      const isAllowed = from === to || LAYERS[from]?.includes(to) || (isType && CONTRACTS.includes(aim));
      return isAllowed ? [] : [`${file} imports ${aim}`];
    });
    expect(wrong).toEqual([]);
  });

  test('of what is planned for pull requests are no git and no forge', () => {
    const wrong = relative.filter(({ file, target, isType }) => {
      const aim = path.join(path.dirname(file), target);
      return IS_PLAN.test(file) && aim.startsWith('src/pr/') && !IS_PLAN.test(aim) && !isType;
    });
    expect(wrong).toEqual([]);
  });

  test('end in .js, as Node needs them', () => {
    expect(relative.filter(({ target }) => !/\.(js|json)$/.test(target))).toEqual([]);
  });

  test('of yaml, js-yaml are in the lossless layer alone', () => {
    const wrong = packages.filter(({ file, target }) => /^(js-)?yaml(\/|$)/.test(target) && !file.startsWith('src/yaml/'));
    expect(wrong).toEqual([]);
  });

  test('of Node are at the edge alone', () => {
    expect(packages.filter(({ file, target }) => isBuiltin(target) && !MAY_USE_NODE.test(file))).toEqual([]);
    expect(packages.filter(({ target }) => isBuiltin(target) && !target.startsWith('node:'))).toEqual([]);
  });
});

describe('the code', () => {
  test('reads the clock, the environment and the console at the edge alone', () => {
    const wrong = files.filter(
      (file) =>
        !MAY_USE_NODE.test(file) &&
        /\bnew Date\(|\bDate\.now\(|(?<![-\w])process\.(?!js')|\bconsole\.|\bMath\.random\(/.test(readFileSync(file, 'utf8')),
    );
    expect(wrong).toEqual([]);
  });

  test('never ends the process', () => {
    expect(files.filter((file) => readFileSync(file, 'utf8').includes('process.exit('))).toEqual([]);
  });
});
