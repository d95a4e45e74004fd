import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { load, loadAll } from 'js-yaml';

export type Fields = Readonly<Record<string, unknown>>;

/** An object as kustomize makes it. */
export interface Built {
  readonly value: Fields;
  /** `apps/v1 Deployment shop/web` */
  readonly key: string;
}

/** Objects, in the order of the text; `undefined` where it does not build. Nothing is fetched. */
export function build(
  kustomize: string,
  folder: string,
): { readonly text: string; readonly objects: readonly Built[] } | undefined {
  // A proxy that is not there keeps it from the net.
  const nowhere = 'http://127.0.0.1:9';
  const env = { ...process.env, HTTP_PROXY: nowhere, HTTPS_PROXY: nowhere, GIT_TERMINAL_PROMPT: '0' };
  const { status, stdout } = spawnSync(kustomize, ['build', folder], {
    encoding: 'utf8',
    env,
    maxBuffer: 2 ** 28,
    timeout: 60_000,
  });
  return status === 0 ? { text: stdout, objects: readObjects(stdout) } : undefined;
}

export function readObjects(text: string): Built[] {
  return loadAll(text).flatMap((document): Built[] => {
    const value = asFields(document);
    if (typeof value.kind !== 'string') return [];
    const { name, namespace } = asFields(value.metadata);
    return [{ value, key: `${value.apiVersion} ${value.kind} ${namespace ?? ''}/${name ?? ''}` }];
  });
}

/** The annotation in which kustomize writes where an object is from. */
const ORIGIN = 'config.kubernetes.io/origin';

/** By key, the file that each object of a kustomization is from, as seen from the root; nothing for what is generated. */
export function readOrigins(kustomize: string, root: string, folder: string): ReadonlyMap<string, string> {
  const wrapper = join(root, '.origins');
  const path = relative(wrapper, folder);
  const isComponent = /^kind:\s*Component\b/m.test(readKustomizationText(folder));
  mkdirSync(wrapper, { recursive: true });
  const key = isComponent ? 'components' : 'resources';
  writeFileSync(join(wrapper, 'kustomization.yaml'), `buildMetadata: [originAnnotations]\n${key}:\n- ${JSON.stringify(path)}\n`);
  try {
    const origins = new Map<string, string>();
    for (const { value, key: object } of build(kustomize, wrapper)?.objects ?? []) {
      const annotation = asFields(asFields(value.metadata).annotations)[ORIGIN];
      const file = typeof annotation === 'string' ? asFields(load(annotation)).path : undefined;
      if (typeof file === 'string') origins.set(object, relative(root, join(wrapper, file)));
    }
    return origins;
  } finally {
    rmSync(wrapper, { recursive: true, force: true });
  }
}

function readKustomizationText(folder: string): string {
  for (const name of ['kustomization.yaml', 'kustomization.yml', 'Kustomization']) {
    try {
      return readFileSync(join(folder, name), 'utf8');
    } catch {
      // Called otherwise.
    }
  }
  throw new Error(`no kustomization in ${dirname(folder)}`);
}

export function asFields(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}
