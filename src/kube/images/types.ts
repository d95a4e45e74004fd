/** How large the idle process is: `tiny` < 32 Mi, `small` < 256 Mi, `medium` < 1 Gi, `large` from 1 Gi; `jvm`: the heap decides. */
export type MemoryClass = 'tiny' | 'small' | 'medium' | 'large' | 'jvm';

/** What a fact rests on: a build file that was read, documentation, or general knowledge that nobody checked. */
export type Confidence = 'read' | 'documented' | 'known';

/** A user that the image names instead of numbering, which the kubelet cannot check against `runAsNonRoot`. */
interface NamedUser {
  readonly name: string;
  /** `null` where the build does not fix it. */
  readonly uid: number | null;
}

export interface NonRootFacts {
  /** Whether the usual start works without root at all. */
  readonly possible: boolean;
  /** Absent where no id is known to work, or where the variants differ. */
  readonly uid?: number;
  readonly gid?: number;
  /** What else it takes, in words. */
  readonly condition?: string;
}

/**
 * What an image does when it starts with its own entrypoint. A container with a `command` of its own may do otherwise.
 *
 * A fact that is absent or `null` is unknown; an empty list is a fact.
 */
export interface ImageFacts {
  /** The normalised repository as the catalogue lists it; ends in `*` for a family. */
  readonly image: string;
  /** The pattern of tags that matched; several, separated by `, `, where the tag does not tell which one holds. */
  readonly tags: string;
  /** What it starts as; `null` unknown. */
  readonly user: number | NamedUser | null;
  /** What matters at its start, in one line. */
  readonly entrypoint?: string;
  readonly nonRoot?: NonRootFacts;
  /** What the default start needs once ALL are dropped; `[]` none. */
  readonly capabilities?: readonly string[];
  readonly ports: readonly number[];
  /** Paths written at run time in the default configuration. */
  readonly writes?: readonly string[];
  /** The part of `writes` where the image ships files that its start needs: an `emptyDir` there breaks it. */
  readonly populated?: readonly string[];
  /** Whether it calls the Kubernetes API by nature; `null` unknown. */
  readonly api: boolean | null;
  /** Host access by nature: `hostNetwork`, `hostPID`, `hostPath`. */
  readonly host: readonly string[];
  readonly memory: MemoryClass | null;
  readonly sources: readonly string[];
  readonly confidence: Confidence;
}

/** One row of the catalogue: facts, and other repositories that hold the same image. */
export interface CatalogueEntry extends ImageFacts {
  readonly aliases: readonly string[];
}
