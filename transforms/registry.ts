import type { Transform } from '../src/kube/types.js';
import { disableTokenAutomount } from './disable-token-automount.js';
import { disallowPrivilegeEscalation } from './disallow-privilege-escalation.js';
import { disallowPrivileged } from './disallow-privileged.js';
import { dropCapabilities } from './drop-capabilities.js';
import { readOnlyRootFilesystem } from './read-only-root-filesystem.js';
import { requireNonRoot } from './require-non-root.js';
import { setResources } from './set-resources.js';
import { setSeccompProfile } from './set-seccomp-profile.js';

/** All transforms, each after those whose admitted changes it must see. */
export const transforms: readonly Transform[] = [
  disallowPrivileged,
  dropCapabilities,
  disallowPrivilegeEscalation,
  requireNonRoot,
  setSeccompProfile,
  readOnlyRootFilesystem,
  disableTokenAutomount,
  setResources,
];
