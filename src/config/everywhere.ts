import { ConfigError } from '../core/errors.js';
import { isEqual } from '../core/json.js';
import type { WrittenNo } from '../core/selector.js';
import type { CustomKind } from '../kube/kinds/custom.js';
import type { Chain, CompiledLayer } from './chain.js';

/** A suppression with the folder in which it holds, absolute, and where it is written: `kubemend.yaml:12`. */
export interface PlacedSuppression extends WrittenNo {
  readonly folder: string;
  readonly paths: readonly string[];
  readonly where: string;
}

/** The files of several chains, each once for each folder that it counts for. */
function layersOf(chains: readonly Chain[]): readonly CompiledLayer[] {
  const layers = new Map(chains.flatMap((chain) => chain.layers.map((layer) => [`${layer.file}\0${layer.folder}`, layer])));
  return [...layers.values()];
}

/**
 * The kinds of all files that are read: what a kind is does not depend on where its objects are.
 * @throws {ConfigError} when two files say different things about one
 */
export function kindsOf(chains: readonly Chain[]): readonly CustomKind[] {
  const known = new Map<string, { readonly kind: CustomKind; readonly where: string }>();
  for (const layer of layersOf(chains)) {
    for (const [index, kind] of (layer.values.kinds ?? []).entries()) {
      const name = `${kind.kind} (${kind.group})`;
      const position = layer.position(['kinds', index]);
      const same = known.get(name);
      if (same && !isEqual(same.kind, kind)) {
        const text = `kinds[${index}]: ${name} is said to be something else in ${same.where}`;
        throw new ConfigError([{ file: layer.file, position, text }]);
      }
      if (!same) known.set(name, { kind, where: `${layer.file}:${position.line}` });
    }
  }
  return [...known.values()].map(({ kind }) => kind);
}

/** The suppressions of all files that are read, each for the files in its folder and below. */
export function suppressionsOf(chains: readonly Chain[]): readonly PlacedSuppression[] {
  return layersOf(chains).flatMap((layer) =>
    (layer.values.suppressions ?? []).map((suppression, index) => ({
      ...suppression,
      paths: suppression.paths ?? ['*'],
      folder: layer.folder,
      where: `${layer.file}:${layer.position(['suppressions', index]).line}`,
    })),
  );
}
