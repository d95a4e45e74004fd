/** How the patterns of a CODEOWNERS file are read. */
export interface PatternRules {
  /** Whether a pattern with a `/` inside is from the root, as in `.gitignore`, or anywhere, as GitLab reads it. */
  readonly isAnchoredBySlash: boolean;
  /** Whether a pattern without a `/` at its end may be a folder, with all beneath. */
  readonly mayBeFolder: boolean;
}

/**
 * Whether a path is meant by a pattern of `*`, `**` and `?`. There are no classes, no negation and no escapes: neither GitHub nor
 * GitLab has them there. Takes time by the product of the lengths, whatever the pattern.
 *
 * Unlike in `.gitignore`, `docs/*` is what lies in `docs` itself and not beneath its folders.
 */
export function matchesPath(pattern: string, path: string, rules: PatternRules): boolean {
  const isFolder = pattern.endsWith('/');
  const bare = pattern.replace(/^\/|\/$/g, '');
  const isAnchored = pattern.startsWith('/') || (rules.isAnchoredBySlash && bare.includes('/'));
  const own = bare.split('/').filter((segment) => segment !== '');
  const segments = isAnchored ? own : ['**', ...own];
  const names = path.split('/');
  if (isFolder) return matchesSegments([...segments, '*', '**'], names);
  if (matchesSegments(segments, names)) return true;
  const isOfFiles = own.length > 1 && own.at(-1) === '*';
  return rules.mayBeFolder && !isOfFiles && matchesSegments([...segments, '*', '**'], names);
}

/** `**` stands for any number of names, none included. */
function matchesSegments(pattern: readonly string[], names: readonly string[]): boolean {
  // What is reached of the pattern after each name, so that nothing is looked at twice.
  let reached = closure(new Set([0]), pattern);
  for (const name of names) {
    const next = new Set<number>();
    for (const at of reached) {
      const segment = pattern[at];
      if (segment === '**') next.add(at);
      else if (segment !== undefined && matchesName(segment, name)) next.add(at + 1);
    }
    reached = closure(next, pattern);
    if (reached.size === 0) return false;
  }
  return reached.has(pattern.length);
}

function closure(reached: Set<number>, pattern: readonly string[]): Set<number> {
  for (const at of reached) if (pattern[at] === '**') reached.add(at + 1);
  return reached;
}

/** `*` for any characters, `?` for one. */
function matchesName(pattern: string, name: string): boolean {
  let at = 0;
  let star = -1;
  let resume = 0;
  for (let position = 0; position < name.length; ) {
    if (pattern[at] === '*') {
      star = at++;
      resume = position;
    } else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === name[position])) {
      at++;
      position++;
    } else if (star >= 0) {
      at = star + 1;
      position = ++resume;
    } else return false;
  }
  while (pattern[at] === '*') at++;
  return at === pattern.length;
}
