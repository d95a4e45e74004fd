/** How a registry wants to be asked (RFC 9110, 11.6.1). */
export interface Challenge {
  readonly scheme: 'basic' | 'bearer';
  /** By name, in lower case: `realm`, `service`. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** Longer headers are none. */
const LONGEST = 4096;

/** `key=value`, or `key="value"` with escapes. */
const PARAMETER = /^[\s,]*([A-Za-z_-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",]+))/;

/** The first challenge of a `WWW-Authenticate` that is one of the two; `undefined` where there is none. */
export function readChallenge(header: string | null): Challenge | undefined {
  if (header === null || header.length > LONGEST) return undefined;
  const [, scheme = ''] = /(?:^|,)\s*(basic|bearer)\b/i.exec(header) ?? [];
  if (scheme === '') return undefined;
  const parameters = new Map<string, string>();
  let rest = header.slice(header.toLowerCase().indexOf(scheme.toLowerCase()) + scheme.length);
  for (let found = PARAMETER.exec(rest); found; found = PARAMETER.exec(rest)) {
    const [all, key = '', quoted, bare = ''] = found;
    if (!parameters.has(key.toLowerCase())) parameters.set(key.toLowerCase(), quoted?.replace(/\\(.)/g, '$1') ?? bare);
    rest = rest.slice(all.length);
  }
  return { scheme: scheme.toLowerCase() === 'basic' ? 'basic' : 'bearer', parameters: Object.fromEntries(parameters) };
}
