/** What the comment above a transform says, as Markdown. */
export interface Docstring {
  readonly why: string;
  readonly risk: string;
  readonly references: string;
}

/**
 * Reads the comment right above `export const`.
 * @throws {Error} where there is none, or one of its sections is missing
 */
export function readDocstring(source: string, file: string): Docstring {
  const [comment] = /\/\*\*(?:(?!\*\/)[\s\S])*\*\/(?=\nexport const )/.exec(source) ?? [];
  if (comment === undefined) throw new Error(`${file}: no comment above the transform`);
  const text = comment.replace(/^\/\*\*|\n? *\*\/$/g, '').replace(/^ \* ?/gm, '');
  const [why = '', ...sections] = text.split(/^## /m);
  const sectionOf = (title: string) => {
    const section = sections.find((each) => each.startsWith(`${title}\n`));
    if (section === undefined) throw new Error(`${file}: the comment above the transform has no section ${title}`);
    return section.slice(title.length).trim();
  };
  return { why: why.trim(), risk: sectionOf('Risk'), references: sectionOf('References') };
}
