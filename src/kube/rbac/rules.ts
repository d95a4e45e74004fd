import { bindingRules } from './binding-rules.js';
import { grantRules } from './grants.js';
import type { RbacRule } from './types.js';
import { wildcardRules } from './wildcards.js';

/** All that is found in roles and bindings. docs/rbac.md is the same for people. */
export const rbacRules: readonly RbacRule[] = [...Object.values(wildcardRules), ...grantRules, ...Object.values(bindingRules)];
