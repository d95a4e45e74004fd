import type { ImageEntry } from '../../src/kube/images/types.js';

export type Facts = { readonly [Key in keyof ImageEntry]?: ImageEntry[Key] | undefined };

export interface Correction {
  readonly image: string;
  /** The pattern of tags of the entry; `*` where absent. */
  readonly tags?: string;
  readonly why: string;
  /** `undefined` takes a fact away. */
  readonly set?: Facts;
  /** Further entries that differ from this one, as it was before `set`. */
  readonly variants?: readonly Facts[];
}
