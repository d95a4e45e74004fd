/**
 * Builds `dist/`: the library (one file that runs in a browser), the command (split, so that starting up reads only what the
 * command at hand needs), the types, and the licences of everything that is bundled in.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/**
 * CommonJS packages call `require('fs')`, which an ES module does not have. Each such call becomes an import; a wrapper with
 * `createRequire` in every chunk would cost start-up time.
 */
const requiredBuiltins = {
  name: 'required-builtins',
  setup({ onResolve, onLoad }) {
    const names = new RegExp(`^(node:)?(${builtinModules.join('|')})$`);
    onResolve({ filter: names }, ({ kind, path: name }) =>
      kind === 'require-call' ? { path: name.replace(/^node:/, ''), namespace: 'required-builtin' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'required-builtin' }, ({ path: name }) => ({
      contents: `import it from 'node:${name}'; module.exports = it;`,
    }));
  },
};

/** Large data is read several times faster from a text than from a program. */
const dataAsText = {
  name: 'data-as-text',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/](?:images[\\/]catalogue|kube[\\/]frameworks)[\\/][\w.-]+\.json$/ }, ({ path: file }) => {
      const text = JSON.stringify(JSON.parse(readFileSync(file, 'utf8')));
      return { contents: `export default JSON.parse(${JSON.stringify(text)});` };
    });
  },
};

const common = {
  absWorkingDir: root,
  bundle: true,
  charset: 'utf8',
  legalComments: 'none',
  metafile: true,
  minifySyntax: true,
  minifyWhitespace: true,
  logLevel: 'warning',
};

/** `import { fix } from 'kubemend'`: platform neutral, so that an import of Node fails here and not in a browser. */
export function buildLibrary(outfile, options = {}) {
  return build({
    ...common,
    format: 'esm',
    entryPoints: ['src/index.ts'],
    outfile,
    platform: 'neutral',
    mainFields: ['browser', 'module', 'main'],
    conditions: ['browser', 'import'],
    target: 'es2022',
    // On a line of its own `export` is seen by tools that tell the format of a file by its text.
    minifyWhitespace: false,
    plugins: [dataAsText],
    ...options,
  });
}

/** The command, with one entry and a chunk for each part that is loaded when it is needed. */
export async function buildCommand(outdir, entryPoints = { kubemend: 'bin/kubemend.ts' }) {
  const result = await build({
    ...common,
    format: 'esm',
    entryPoints,
    outdir,
    platform: 'node',
    mainFields: ['module', 'main'],
    target: 'node20.19',
    // The build for Node is CommonJS, of which nothing can be left out; this one is what the library has, too.
    alias: { yaml: path.join(root, 'node_modules/yaml/browser/index.js') },
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    plugins: [requiredBuiltins, dataAsText],
  });
  chmodSync(path.join(outdir, 'kubemend.js'), 0o755);
  return result;
}

/** The licence of every package that has a file in one of the bundles. */
function licences(metafiles) {
  const folders = new Set();
  for (const { inputs } of metafiles) {
    for (const input of Object.keys(inputs)) {
      const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
      if (match?.[1]) folders.add(path.resolve(root, match[1]));
    }
  }
  const parts = [...folders].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
    const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
    if (!file) throw new Error(`${name}: no licence text to ship`);
    return `${name} ${version} (${license})\n\n${readFileSync(path.join(folder, file), 'utf8').trim()}\n`;
  });
  return `kubemend contains the packages below.\n\n${parts.join(`\n${'-'.repeat(80)}\n\n`)}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const dist = path.join(root, 'dist');
  rmSync(dist, { recursive: true, force: true });
  const [library, command] = await Promise.all([buildLibrary(path.join(dist, 'index.js')), buildCommand(path.join(dist, 'bin'))]);
  writeFileSync(path.join(dist, 'THIRD-PARTY-LICENSES.txt'), licences([library.metafile, command.metafile]));
  const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
  execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' });
}
