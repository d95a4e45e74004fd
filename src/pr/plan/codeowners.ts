import { RE2JS } from 're2js';
import { matchesPath, type PatternRules } from './path-pattern.js';

/** Whose CODEOWNERS it is: each forge reads another language. */
export type CodeownersDialect = 'github' | 'gitlab' | 'gitea';

/** Where the file may lie, from the repository's root; the first that is there counts. */
export const CODEOWNERS_PLACES: Readonly<Record<CodeownersDialect, readonly string[]>> = {
  github: ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS'],
  gitlab: ['CODEOWNERS', 'docs/CODEOWNERS', '.gitlab/CODEOWNERS'],
  gitea: ['CODEOWNERS', 'docs/CODEOWNERS', '.gitea/CODEOWNERS', '.forgejo/CODEOWNERS'],
};

/** The owners of a path, as written and sorted: `@user`, `@org/team`, an address. Empty where nobody is named. */
export type OwnersOf = (path: string) => readonly string[];

/** Characters that are read: GitHub takes no file of more than 3 MB. */
const MOST = 3 * 1024 * 1024;

/** Lines that none of the forges makes sense of are skipped, as they skip them; a file that is too large is none. */
export function readCodeowners(text: string, dialect: CodeownersDialect): OwnersOf {
  if (text.length > MOST) return () => [];
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/);
  if (dialect === 'gitea') return readGitea(lines);
  return dialect === 'gitlab' ? readGitlab(lines) : readGithub(lines);
}

interface Rule {
  readonly pattern: string;
  readonly owners: readonly string[];
}

const GITHUB: PatternRules = { isAnchoredBySlash: true, mayBeFolder: true };
const GITLAB: PatternRules = { isAnchoredBySlash: false, mayBeFolder: false };

/** Of at most 320 characters, as an address has; more would take a pattern long. */
function isOwner(word: string): boolean {
  return word.length <= 320 && /^(?:@[\w][\w./-]*|[^\s@]+@[^\s@]+\.[^\s@]+)$/.test(word);
}

function sorted(owners: Iterable<string>): readonly string[] {
  return [...new Set(owners)].sort();
}

/** The words of a line up to a comment; a blank behind `\` is part of a word. */
function wordsOf(line: string): readonly string[] {
  const words: string[] = [];
  for (const [word] of line.matchAll(/(?:\\[\s\S]|[^\s\\])+/g)) {
    if (word.startsWith('#')) break;
    words.push(word.replace(/\\([\s#[\]])/g, '$1'));
  }
  return words;
}

/** The last rule that matches counts; one without owners takes them away. */
function readGithub(lines: readonly string[]): OwnersOf {
  const rules = lines.flatMap((line): Rule[] => {
    const [pattern, ...owners] = wordsOf(line);
    // What GitHub does not know it skips: negation, and classes.
    if (pattern === undefined || pattern.startsWith('!') || /[[\]]/.test(pattern)) return [];
    return owners.every(isOwner) ? [{ pattern, owners }] : [];
  });
  return (path) => sorted(rules.findLast(({ pattern }) => matchesPath(pattern, path, GITHUB))?.owners ?? []);
}

/** `[Name]`, `^[Optional]`, `[Name][2]`, each with or without owners for those of its lines that name none. */
const SECTION = /^\^?\[([^\]]+)\](?:\[\d+\])?(?:\s([\s\S]*))?$/;

/** In each section the last rule that matches counts, and `!path` takes it out; all sections add up. */
function readGitlab(lines: readonly string[]): OwnersOf {
  const sections = new Map<string, Rule[]>([['', []]]);
  let rules = sections.get('') as Rule[];
  let defaults: readonly string[] = [];
  for (const line of lines) {
    const section = SECTION.exec(line.trim());
    if (section) {
      const name = (section[1] as string).trim().toLowerCase();
      rules = sections.get(name) ?? [];
      sections.set(name, rules);
      defaults = wordsOf(section[2] ?? '').filter(isGitlabOwner);
      continue;
    }
    const [pattern, ...words] = wordsOf(line);
    if (pattern === undefined) continue;
    const owners = words.filter(isGitlabOwner);
    rules.push({ pattern, owners: words.length === 0 ? defaults : owners });
  }
  return (path) => sorted([...sections.values()].flatMap((section) => ownersInSection(section, path)));
}

/** `@@maintainer` is a role and nobody whom one could ask by name. */
function isGitlabOwner(word: string): boolean {
  return isOwner(word);
}

function ownersInSection(rules: readonly Rule[], path: string): readonly string[] {
  const isExcluded = rules.some(({ pattern }) => pattern.startsWith('!') && matchesPath(pattern.slice(1), path, GITLAB));
  if (isExcluded) return [];
  return rules.findLast(({ pattern }) => !pattern.startsWith('!') && matchesPath(pattern, path, GITLAB))?.owners ?? [];
}

/** Expressions of Go for the whole path, read by an engine that never takes long, as Go's; all rules that match add up. */
function readGitea(lines: readonly string[]): OwnersOf {
  const rules = lines.flatMap((line) => {
    const [first, ...owners] = giteaWords(line);
    if (first === undefined || owners.length === 0) return [];
    const isNegative = first.startsWith('!');
    const expression = compile(isNegative ? first.slice(1) : first);
    return expression ? [{ expression, isNegative, owners: owners.map((owner) => owner.replace(/^@?/, '@')) }] : [];
  });
  return (path) =>
    sorted(
      rules.flatMap(({ expression, isNegative, owners }) => (expression.matcher(path).matches() === isNegative ? [] : owners)),
    );
}

function compile(expression: string): RE2JS | undefined {
  try {
    return RE2JS.compile(`^${expression}$`);
  } catch {
    return undefined;
  }
}

/** As Gitea cuts a line: `\` takes what is behind it as it is, `#` ends the line wherever it stands. */
function giteaWords(line: string): readonly string[] {
  const words: string[] = [];
  let word = '';
  let isEscaped = false;
  for (const character of `${line.trim().replaceAll('\t', ' ')} `) {
    if (isEscaped) word += character;
    else if (character === '#') break;
    else if (character === ' ') {
      if (word !== '') words.push(word);
      word = '';
    } else if (character !== '\\') word += character;
    isEscaped = !isEscaped && character === '\\';
  }
  if (word !== '') words.push(word);
  return words;
}
