import ignore from 'ignore';

/** What patterns say of a file: which one takes it, or gives it back (`!`). */
export type PatternsDecision = { readonly isTaken: boolean; readonly pattern: string } | undefined;

/**
 * Patterns as in `.gitignore`, from a folder.
 * @param folder absolute, with `/`
 * @returns what they say of a path, which is absolute, with `/`, and for a folder with one at its end
 */
export function compilePatterns(folder: string, patterns: readonly string[]): (path: string) => PatternsDecision {
  if (patterns.length === 0) return () => undefined;
  const matcher = ignore({ ignorecase: false }).add(patterns);
  const prefix = folder.endsWith('/') ? folder : `${folder}/`;
  return (path) => {
    if (!path.startsWith(prefix) || path.length === prefix.length) return undefined;
    const { ignored, unignored, rule } = matcher.test(path.slice(prefix.length));
    return ignored || unignored ? { isTaken: ignored, pattern: rule?.pattern ?? '' } : undefined;
  };
}
