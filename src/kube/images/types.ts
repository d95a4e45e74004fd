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
  /** Whether any user works, not this one alone, under the same condition. Absent where nobody says so. */
  readonly anyUid?: boolean;
  /** What else it takes than to name the user, in words; absent: nothing. */
  readonly condition?: string;
}

/** How a program gets rights at exec that its process does not have. */
export type ExecGain = 'file-capabilities' | 'set-uid';

export type HostAccess = 'hostNetwork' | 'hostPID' | 'hostIPC' | 'hostPath' | 'privileged';

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
  /** How the program, or one that it runs, gets rights at exec. Absent where that is not known of it. */
  readonly gains?: readonly ExecGain[];
  /** Whether it starts a shell or an interpreter: what runs is in the arguments, and nothing is known of that. */
  readonly shell?: boolean;
  readonly ports: readonly number[];
  /** Paths written at run time in the default configuration. */
  readonly writes?: readonly string[];
  /** The part of `writes` where the image ships files that its start needs: an `emptyDir` there breaks it. */
  readonly populated?: readonly string[];
  /** Variables of the environment with which the start writes elsewhere, too: `ADMINER_DESIGN`. */
  readonly writesBy?: readonly string[];
  /** Whether it calls the Kubernetes API by nature; `null` unknown. */
  readonly api: boolean | null;
  /** Host access by nature. */
  readonly host: readonly HostAccess[];
  /** Host access and capabilities that only some configurations need: `hostNetwork`, `NET_ADMIN`. */
  readonly sometimes?: readonly string[];
  readonly memory: MemoryClass | null;
  readonly sources: readonly string[];
  readonly confidence: Confidence;
}

/**
 * An entry as it is written, in `catalogue/*.json` and by callers: facts, and other repositories that they hold for. What is left out is
 * unknown, or empty. `catalogue.schema.json` says the same in another language.
 */
export interface ImageEntry extends Partial<Omit<ImageFacts, 'image' | 'sources' | 'confidence'>> {
  /** Registry and path; ends in `*` for a family. */
  readonly image: string;
  /** Other names of the same image. */
  readonly aliases?: readonly string[];
  /** Other images that are taken to work alike: general knowledge, whatever the confidence of the entry. */
  readonly alike?: readonly string[];
  /** Whose word it is, at least one: `docker-library/postgres@1a2b3c4 17/bookworm/Dockerfile`. */
  readonly sources: readonly string[];
  readonly confidence: Confidence;
}
