import { folderOf } from '../../core/relative-path.js';
import { MAKE_VARIABLE, readScript } from './build-commands.js';
import type { Artifact } from './build-files.js';

const SETS = /^(?:export[ \t]+)?(\w+)[ \t]*(?:\?|::?)?=(.*)$/;

/** The images that the recipes of a Makefile build. Variables count as they are set in it; who calls it may set others. */
export function readMakefile(file: string, text: string): readonly Artifact[] {
  const lines = text.replace(/\\\r?\n/g, ' ').split(/\r?\n/);
  const values = new Map<string, string | undefined>();
  for (const line of lines) {
    const [, name, written = ''] = SETS.exec(line) ?? [];
    if (name === undefined) continue;
    const value = written.trim();
    // Of several values nobody knows which one holds; a list, or what a function gives, is none.
    const isOne = !/\s/.test(value) && (!values.has(name) || values.get(name) === value);
    values.set(name, isOne ? value : undefined);
  }
  // Each line is a script of its own.
  const recipes = lines.filter((line) => line.startsWith('\t')).map((line) => line.replace(/^[\t @+-]+/, ''));
  return recipes.flatMap((recipe) => readScript(recipe, folderOf(file), MAKE_VARIABLE, values));
}
