import type { Comment } from '../../yaml/comments.js';

/** A value, or a map of values on one line. */
const VALUE = /\bvalue["']?[ \t]*:|\b(?:data|stringData|binaryData|literals|env)["']?[ \t]*:[ \t]*[[{]/;
/** What heads a map or a list of them. */
const HEAD =
  /^#+([ \t]*)(?:- )?["']?(?:data|stringData|binaryData|literals|\w*[eE]nv(?:s|Vars)?)["']?[ \t]*:(?:[ \t]*[#|>].*)?[ \t]*$/;

/** The comments that hold values of `env`, Secrets and ConfigMaps which are commented out: in any style, below their heads, too. */
export function* commentedValues(comments: readonly Comment[]): Iterable<Comment> {
  let head: { readonly indent: number; readonly next: number } | undefined;
  for (const comment of comments) {
    const { text, line } = comment;
    const indent = /^#+([ \t]*)/.exec(text)?.[1]?.length ?? 0;
    const isBlank = /^#+[ \t]*$/.test(text);
    const isBelow =
      head !== undefined &&
      line === head.next &&
      (isBlank || indent > head.indent || (indent === head.indent && /^#+[ \t]*- /.test(text)));
    if (VALUE.test(text) || (isBelow && !isBlank)) yield comment;
    if (isBelow && head) head = { ...head, next: line + 1 };
    else head = HEAD.test(text) ? { indent, next: line + 1 } : undefined;
  }
}
