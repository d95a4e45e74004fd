import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { loadAll } from 'js-yaml';

/** What kustomize uses a file for. */
export type Use = 'resource' | 'patch' | 'input';

/** By path, relative to the folder. */
export type Uses = ReadonlyMap<string, ReadonlySet<Use>>;

const NAMES = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

export function isKustomizationFile(path: string): boolean {
  return NAMES.includes(basename(path));
}

/**
 * Which files the kustomizations below a folder use, and what for: read as kustomize accumulates them, and by another parser than
 * kubemend's. What is not there is remote, or written in place.
 */
export function readUses(root: string, kustomizations: readonly string[]): Uses {
  const uses = new Map<string, Set<Use>>();
  const note = (file: string, use: Use) => {
    const path = relative(root, file).replaceAll('\\', '/');
    uses.set(path, (uses.get(path) ?? new Set()).add(use));
  };
  for (const path of kustomizations) {
    const file = join(root, path);
    for (const document of loadAll(readFileSync(file, 'utf8'))) accumulate(asMap(document), dirname(file), note);
  }
  return uses;
}

type Note = (file: string, use: Use) => void;

function accumulate(kustomization: Fields, folder: string, note: Note): void {
  const add = (names: readonly unknown[], use: Use) => {
    for (const name of names) {
      const file = fileAt(folder, name);
      if (file !== undefined) note(file, use);
    }
  };
  add([...listAt(kustomization, 'resources'), ...listAt(kustomization, 'bases')], 'resource');
  add(listAt(kustomization, 'patchesStrategicMerge'), 'patch');
  for (const key of ['patches', 'patchesJson6902'])
    add(
      listAt(kustomization, key).map((entry) => asMap(entry).path),
      'patch',
    );
  for (const key of ['transformers', 'generators', 'validators']) {
    add(listAt(kustomization, key), 'input');
    for (const name of listAt(kustomization, key)) {
      const file = fileAt(folder, name);
      // A transformer that patches names files, too.
      if (file !== undefined)
        for (const plugin of loadAll(readFileSync(file, 'utf8'))) accumulatePlugin(asMap(plugin), folder, note);
    }
  }
  add([...listAt(kustomization, 'configurations'), ...listAt(kustomization, 'crds')], 'input');
  add([asMap(kustomization.openapi).path], 'input');
  add(
    listAt(kustomization, 'replacements').map((entry) => asMap(entry).path),
    'input',
  );
  for (const key of ['configMapGenerator', 'secretGenerator']) {
    const files = listAt(kustomization, key).flatMap((entry) => listAt(asMap(entry), 'files'));
    add(
      files.map((name) => (typeof name === 'string' ? name.split('=').at(-1) : undefined)),
      'input',
    );
  }
}

function accumulatePlugin(plugin: Fields, folder: string, note: Note): void {
  if (!/^Patch\w*Transformer$/.test(String(plugin.kind))) return;
  for (const name of [plugin.path, ...listAt(plugin, 'paths')]) {
    const file = fileAt(folder, name);
    if (file !== undefined) note(file, 'patch');
  }
}

type Fields = Readonly<Record<string, unknown>>;

function asMap(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

function listAt(value: Fields, key: string): readonly unknown[] {
  const list = value[key];
  return Array.isArray(list) ? list : [];
}

function fileAt(folder: string, name: unknown): string | undefined {
  if (typeof name !== 'string' || name === '' || name.includes('\n')) return undefined;
  const file = join(folder, name);
  return existsSync(file) && statSync(file).isFile() ? file : undefined;
}
