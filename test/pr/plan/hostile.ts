import MarkdownIt from 'markdown-it';
import { fc } from '../../fc.js';

/** What a manifest may say in the hope that a forge, a renderer or a pipeline acts on it. */
const HOSTILE: readonly string[] = [
  '@org/team',
  'x @admin y',
  '(@admin)',
  'Fixes #1',
  'fixes: #12',
  'Closes owner/repo#7',
  'resolves https://github.com/o/r/issues/3',
  'Implements !4 and &5',
  'closing issue #5',
  'FIXES GH-3',
  'fixed ABC-12',
  'https://evil.example/x',
  'www.evil.com',
  'evil.com',
  'you@evil.com',
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '</details>',
  '<!-- kubemend:state {"version":1} -->',
  '![x](https://evil.example/a.png)',
  '[x](javascript:alert(1))',
  '[x]: https://evil.example',
  '| a | b |',
  '\\| a',
  '\\',
  '`',
  '``` x',
  '`@org/team`',
  '~~~',
  '/close',
  '!123',
  '&12',
  '~bug',
  '%"v1"',
  '$7',
  '^alert#3',
  '[skip ci]',
  '***NO_CI***',
  'deadbeefcafe',
  '0123456',
  'o/r@0123456789abcdef',
  '\u202egnp.exe',
  '\u200b\u2060\u{e0041}',
  '\ud800',
  '\u001b[31m',
  'a\nb',
  'Co-authored-by: Mallory <m@example.com>',
  ':tada:',
  '&lt;b&gt; &#64;admin',
  '*a* _b_ **c**',
  '# Head',
  '1. one',
  '- [ ] task',
  '> quote',
  '---',
];

/** Hostile pieces with whatever between them. */
export const hostileText = fc
  .array(fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...HOSTILE) }, fc.string({ unit: 'binary', maxLength: 8 })), {
    minLength: 1,
    maxLength: 6,
  })
  .chain((parts) => fc.constantFrom('', ' ', '\t', '\n', '"').map((glue) => parts.join(glue)));

/** As eager as any forge: tags are tags, and whatever looks like a host is a link. */
const renderer = new MarkdownIt({ html: true, linkify: true });
renderer.linkify.set({ fuzzyLink: true, fuzzyEmail: true });

interface Rendered {
  /** Types of all tokens, those in lines included. */
  readonly types: ReadonlySet<string>;
  /** All that stands outside of code. */
  readonly text: string;
  readonly html: readonly string[];
}

export function render(markdown: string): Rendered {
  const tokens = renderer.parse(markdown, {}).flatMap((token) => [token, ...(token.children ?? [])]);
  return {
    types: new Set(tokens.map(({ type }) => type)),
    text: tokens.flatMap(({ type, content }) => (type === 'text' ? [content] : [])).join(' '),
    html: tokens.flatMap(({ type, content }) => (/^html_/.test(type) ? [content.trim()] : [])),
  };
}

/** GitLab's own pattern for what closes an issue, over the whole text. */
export const GITLAB_CLOSES =
  /\b(?:[Cc]los(?:e[sd]?|ing)|[Ff]ix(?:e[sd]|ing)?|[Rr]esolv(?:e[sd]?|ing)|[Ii]mplement(?:s|ed|ing)?):? +(?:issues? +)?(?:[\w./-]*[#!]\d|https?:\/\/|[A-Z][A-Z0-9_]+-\d)/;

/** What forges act on in plain text: mentions, references, links, addresses, commits. */
export const ACTS =
  /(?:^|[^A-Za-z0-9])@[\w-]|\w@[\w-]+\.\w|[#!&~%$^][\w"]|:\/\/|\bwww\.|\b(?:GH|gh|[A-Z][A-Z0-9_]+)-\d|\b[0-9a-fA-F]{7,64}\b|\[skip|\*\*\*/;

/** What acts in the message of a commit even in code, where a forge makes it of the text of a pull request. */
export const ACTS_IN_MERGES = /(?:^|[^A-Za-z0-9])@[\w-]|[#!]\d|\[(?:skip ci|ci skip)|\*\*\*NO_CI/im;
