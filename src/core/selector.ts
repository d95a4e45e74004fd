/**
 * Which objects, and which of their containers, something is about. Lists are alternatives, and all that is given must hold. In
 * `namespaces`, `names`, `containers` and `images`, `*` stands for any characters.
 */
export interface ObjectSelector {
  /** As the manifest names it. */
  readonly namespaces?: readonly string[];
  readonly kinds?: readonly string[];
  readonly names?: readonly string[];
  /** Labels of the object, all of them. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Names of containers, which alone are covered then. */
  readonly containers?: readonly string[];
  /** Images of containers, which alone are covered then: with tag and digest, or without. */
  readonly images?: readonly string[];
}

/** A no that stands outside of the manifests. */
export interface WrittenNo extends ObjectSelector {
  /** Ids of transforms; all of them where absent. */
  readonly transforms?: readonly string[];
  /** Files, by patterns as in `.gitignore`. */
  readonly paths?: readonly string[];
  readonly reason: string;
  /** `YYYY-MM-DD`, the last day on which it holds. */
  readonly expires?: string;
}
