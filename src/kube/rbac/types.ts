import type { Path } from '../../core/json.js';

/**
 * One thing that is found in roles or bindings: a part of `harden-rbac`, by an id that is never reused once released. Who asks for it
 * is in the lists of src/kube/frameworks, as `harden-rbac#ID`.
 */
export interface RbacRule {
  readonly id: string;
  /** What a subject with it does, as the message begins: `reads Secrets`. */
  readonly does: string;
  /** What it gives an intruder who takes the place of a subject. */
  readonly gives: string;
  /** What a person may do about it. */
  readonly next: string;
}

/** Rights on resources. Every verb on every resource of every group counts. */
export interface Right {
  readonly groups: readonly string[];
  /** Subresources by `pods/exec`. */
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  /** Whether the resources have no namespace, so that a Role gives nothing. */
  readonly isOfCluster?: boolean;
  /** The only namespace in which it matters, with the names there that matter. */
  readonly within?: { readonly namespace: string; readonly names: readonly string[] };
  /** Whether it harms nobody where `resourceNames` says on which objects: they are its own, as a rule. */
  readonly isTamedByNames?: boolean;
}

/** What is found in the rules of a role. */
export interface GrantRule extends RbacRule {
  readonly rights: readonly Right[];
  /** Which word of a rule the finding points to. */
  readonly pointsTo: 'verbs' | 'resources';
  /** Not said of a rule in which one of these is found, which gives more. */
  readonly unless?: readonly string[];
}

/** How far the rights of a role reach, by its kind and what binds it. */
export interface Reach {
  readonly isOfCluster: boolean;
  /** The namespace of a Role; `undefined` where none is written. */
  readonly namespace: string | undefined;
  /** For a ClusterRole that only RoleBindings are known of: their namespaces. */
  readonly boundIn?: readonly (string | undefined)[];
}

/** A fault of a role or a binding. */
export interface RbacProblem {
  readonly rule: RbacRule;
  /** What is pointed to. */
  readonly path: Path;
  readonly message: string;
  /** What it gives an intruder, and what a person may do. */
  readonly reason: string;
}
