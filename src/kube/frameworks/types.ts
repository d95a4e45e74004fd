/** A guide, a benchmark or a tool that says what to harden: all its entries, as they were read from its source on one day. */
export interface Framework {
  /** As `kubemend explain` takes it. */
  readonly id: string;
  readonly name: string;
  /** What it calls an entry: `control`, `check`. */
  readonly noun: string;
  readonly version: string;
  /** Where the list was read. */
  readonly source: string;
  /** The day on which it was read, `YYYY-MM-DD`. */
  readonly read: string;
  /** What else there is to know of the list. */
  readonly note?: string;
  /** Titles of its sections, by their ids; absent where it has none, and its entries are in the order of their ids. */
  readonly sections?: Readonly<Record<string, string>>;
  readonly entries: readonly Entry[];
}

/** One thing that a framework asks for: fixed or found by transforms, or outside. */
export interface Entry {
  /** As the framework spells it today. */
  readonly id: string;
  readonly title: string;
  readonly section?: string;
  /** In the framework's own words. */
  readonly severity?: string;
  /** Whether it asks for so much at once that who says no to it need not mean each of the transforms. */
  readonly broad?: true;
  /** Transforms that change what it is about, each as {@link Cover} has it in one text: `harden-kubelet`, `harden-rbac#read-secrets`. */
  readonly fixedBy?: readonly string[];
  /** Transforms that find it, and leave it to a person. */
  readonly foundBy?: readonly string[];
  /** Why it is no matter of a manifest, or none of hardening: a key of `reasons.json`. */
  readonly outside?: string;
}

/** A transform, and which of its rules where it has several. */
export interface Cover {
  readonly transform: string;
  readonly rules: readonly string[];
}
