/**
 * Builds `dist/`: the library (one file that runs in a browser), the command (split, so that starting up reads only what the
 * command at hand needs), the types, and the licences of everything that is bundled in.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { builtinModules, createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
process.chdir(root);
rmSync('dist', { recursive: true, force: true });

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

const common = {
  bundle: true,
  format: 'esm',
  charset: 'utf8',
  legalComments: 'none',
  metafile: true,
  minifySyntax: true,
  minifyWhitespace: true,
  logLevel: 'warning',
};

const [library, command] = await Promise.all([
  build({
    ...common,
    entryPoints: ['src/index.ts'],
    outfile: 'dist/index.js',
    platform: 'neutral',
    mainFields: ['browser', 'module', 'main'],
    conditions: ['browser', 'import'],
    target: 'es2022',
  }),
  build({
    ...common,
    entryPoints: { kubemend: 'bin/kubemend.ts' },
    outdir: 'dist/bin',
    platform: 'node',
    mainFields: ['module', 'main'],
    target: 'node20.19',
    // The build for Node is CommonJS, of which nothing can be left out; this one is what the library has, too.
    alias: { yaml: path.resolve('node_modules/yaml/browser/index.js') },
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    plugins: [requiredBuiltins],
  }),
]);
chmodSync('dist/bin/kubemend.js', 0o755);
writeFileSync('dist/THIRD-PARTY-LICENSES.txt', licences([library.metafile, command.metafile]));

const tsc = createRequire(import.meta.url).resolve('typescript/package.json');
execFileSync(process.execPath, [path.join(path.dirname(tsc), 'bin', 'tsc'), '-p', 'tsconfig.build.json'], { stdio: 'inherit' });

/** The licence of every package that has a file in one of the bundles. */
function licences(metafiles) {
  const folders = new Set();
  for (const { inputs } of metafiles) {
    for (const input of Object.keys(inputs)) {
      const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
      if (match?.[1]) folders.add(match[1]);
    }
  }
  const parts = [...folders].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
    const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
    if (!file || !existsSync(path.join(folder, file))) throw new Error(`${name}: no licence text to ship`);
    return `${name} ${version} (${license})\n\n${readFileSync(path.join(folder, file), 'utf8').trim()}\n`;
  });
  return `kubemend contains the packages below.\n\n${parts.join(`\n${'-'.repeat(80)}\n\n`)}`;
}
