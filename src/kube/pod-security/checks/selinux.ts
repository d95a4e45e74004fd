import type { Path } from '../../../core/json.js';
import type { SecurityContextFacts } from '../security-context.js';
import type { CheckPod } from '../types.js';
import { counted, distinct, quoted, settersNamed } from '../wording.js';

/**
 * SELinux types must be those of containers; user and role must not be set. A level may.
 *
 * Source: `check_seLinuxOptions.go`.
 */
export const checkSeLinuxOptions: CheckPod = ({ securityContext, containers }, { seLinuxTypes }) => {
  const fieldsOf = (context: SecurityContextFacts) => forbiddenFields(context, seLinuxTypes);
  const isPodBad = fieldsOf(securityContext).length > 0;
  const bad = containers.filter((container) => fieldsOf(container.securityContext).length > 0);
  if (!isPodBad && bad.length === 0) return undefined;
  const types: string[] = [];
  const fields = new Set<string>();
  const paths: Path[] = [];
  for (const context of [securityContext, ...bad.map((container) => container.securityContext)]) {
    for (const field of fieldsOf(context)) {
      if (field === 'type') types.push(context.seLinux?.type ?? '');
      fields.add(field);
      paths.push([...context.path, 'seLinuxOptions', field]);
    }
  }
  const facts: string[] = [];
  const named = distinct(types);
  if (named.length > 0) facts.push(`${counted(named, 'type', 'types')} ${quoted(named)}`);
  for (const field of ['user', 'role']) if (fields.has(field)) facts.push(`${field} may not be set`);
  const setters = settersNamed(
    isPodBad,
    bad.map(({ name }) => name),
  );
  return {
    reason: 'seLinuxOptions',
    detail: `${setters} set forbidden securityContext.seLinuxOptions: ${facts.join('; ')}`,
    paths,
  };
};

function forbiddenFields({ seLinux }: SecurityContextFacts, allowedTypes: ReadonlySet<string>): readonly string[] {
  if (seLinux === undefined) return [];
  const fields: string[] = [];
  if (!allowedTypes.has(seLinux.type)) fields.push('type');
  if (seLinux.user !== '') fields.push('user');
  if (seLinux.role !== '') fields.push('role');
  return fields;
}
