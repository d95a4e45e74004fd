import { isObject } from '../core/json.js';

/**
 * What other tools leave in a manifest to be filled in: `${VAR}` and `$VAR` (envsubst, Flux, OpenShift templates), `$(VAR)`
 * (kustomize, Tekton), `{{ … }}` and `{% … %}` (Helm, Jinja), `<% … %>` (ERB), `#{VAR}` (Azure DevOps, Octopus), `@VAR@`,
 * `%%VAR%%` and `__VAR__` where nothing else stands beside them.
 */
const MARKS = /\$\{|\$\(|\{\{|\{%|<%|#\{|^\$[A-Za-z_]\w*$|^@{1,2}[A-Za-z_][\w.-]*@{1,2}$|^%%\w+%%$|^__[A-Z][A-Z0-9_]*__$/;

/**
 * Whether only another tool can say what the value is. A map is opaque when one of its keys is: more keys may appear there.
 *
 * Words meant for people (`YOUR_IMAGE`, `<name>`, `REPLACE_ME`) are values like any other; they are never right, but nothing
 * replaces them on the way to the API server.
 */
export function isOpaque(value: unknown): boolean {
  if (typeof value === 'string') return MARKS.test(value);
  if (!isObject(value)) return false;
  for (const key in value) if (MARKS.test(key)) return true;
  return false;
}
