import type { Path } from './json.js';

/** Where new keys go. Kubernetes' conventions come from the kube layer; the lossless layer only asks. */
export interface Placement {
  /** Beside which of the keys that are there (`present`, in the order of the text) a new key of the map at `mapPath` goes. */
  place(
    mapPath: Path,
    key: string,
    present: readonly string[],
  ): { readonly after: string } | { readonly before: string } | { readonly last: true };
  /** Orders new keys that go to one spot, and those inside a new map: lower first. */
  rank(mapPath: Path, key: string): number;
}

/** Behind whatever is there, in the order asked for. */
export const plainPlacement: Placement = {
  place: () => ({ last: true }),
  rank: () => 0,
};
