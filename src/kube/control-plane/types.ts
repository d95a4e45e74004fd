import type { Change } from '../../core/change.js';
import type { Path } from '../../core/json.js';

/** Programs of Kubernetes that are told by flags what to do. */
export type Program = 'kube-apiserver' | 'kube-controller-manager' | 'kube-scheduler' | 'etcd' | 'kubelet';

/** A flag as it is written. */
export interface Flag {
  /** Without dashes, with `-` for `_`. */
  readonly name: string;
  /** `true` for a switch that stands alone; `undefined` where another tool fills it in. */
  readonly value: string | undefined;
  /** Where it stands, from the object's root. */
  readonly path: Path;
  set(value: string): readonly Change[];
  remove(): readonly Change[];
}

/** The flags of one program, wherever they are written: in a container's command, or in a file of kubeadm. */
export interface Flags {
  readonly program: Program;
  /** What findings are about: `container kube-apiserver`. */
  readonly subject: string;
  /** Where a flag that nobody wrote is missed, from the object's root. */
  readonly path: Path;
  /** In the order of the text. */
  readonly written: readonly Flag[];
  /** Whether there may be more than is written: something that only another tool reads, a file of settings. */
  readonly mayHoldMore: boolean;
  /** What the program is told where nobody wrote a flag, by whoever starts it. */
  readonly given: Readonly<Record<string, string>>;
  /** The minor release of Kubernetes that is written beside the flags, as in the tag of the image. */
  readonly minor: number | undefined;
  add(name: string, value: string): readonly Change[];
}

/** When a flag is weak. */
export type Weakness =
  /** Written, with one of these values. */
  | { readonly is: readonly string[] }
  /** Not one of these values; that of the program where nobody wrote it is none of them. */
  | { readonly isNot: readonly string[] }
  /** Not written, and given by nobody. */
  | 'absent'
  /** Written, with whatever value. */
  | 'written'
  /** Below, or not written. */
  | { readonly below: number }
  /** One of these is among the comma-separated values. */
  | { readonly has: readonly string[] };

/** What is known of a flag, as data. */
export interface FlagRule {
  readonly flag: string;
  readonly weak: Weakness;
  /** What that means, in a few words that follow the flag. */
  readonly says: string;
  /** What is written: a value, or nothing at all, so that the program's own default holds. Absent where a person has to decide. */
  readonly write?: { readonly value: string } | 'remove';
  /** Why no change is offered, or what a person should decide. */
  readonly reason?: string;
  /** What is known to go with the change. */
  readonly evidence?: string;
  /** Flags that take its place, or without which it says nothing. */
  readonly notBeside?: readonly string[];
  readonly onlyBeside?: readonly string[];
  /** The value of another flag with which it says nothing. */
  readonly notWith?: { readonly flag: string; readonly value: string };
  /** Recommendations of the CIS Kubernetes Benchmark 1.12, and controls of kubescape. */
  readonly cis?: string;
  readonly kubescape?: string;
}

/** A flag that later releases do not know: they do not start with it. */
export interface RemovedFlag {
  readonly flag: string;
  /** The first minor release of Kubernetes without it. */
  readonly removed: number;
  /** The flag that took its place and takes the same value. */
  readonly becomes?: string;
  readonly says: string;
  /** Where the release that removed it says so. */
  readonly source: string;
}

/** A plugin of admission that later releases do not know: they do not start with its name in a list. */
export interface RemovedPlugin {
  readonly plugin: string;
  /** The first minor release of Kubernetes without it. */
  readonly removed: number;
  /** Where its removal is told. */
  readonly source: string;
}
