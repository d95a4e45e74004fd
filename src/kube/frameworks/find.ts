import { frameworks } from './frameworks.js';
import type { Entry, Framework } from './types.js';

/** An entry, with the framework that it is of. */
export interface Found {
  readonly framework: Framework;
  readonly entry: Entry;
}

/** Entries of this id, in whatever spelling: several where frameworks, or versions of one, use it for different things. */
export function findEntries(id: string): readonly Found[] {
  const wanted = foldId(id);
  return frameworks.flatMap((framework) =>
    framework.entries.filter((entry) => foldId(entry.id) === wanted).map((entry) => ({ framework, entry })),
  );
}

/** A framework by its id, or a section of one: with just its entries. */
export function findLists(id: string): readonly Framework[] {
  const wanted = foldId(id);
  return frameworks.flatMap((framework) => {
    const { sections = {}, entries } = framework;
    if (foldId(framework.id) === wanted) return [framework];
    return Object.entries(sections).flatMap(([section, title]) =>
      foldId(section) === wanted
        ? [{ ...framework, sections: { [section]: title }, entries: entries.filter((entry) => entry.section === section) }]
        : [],
    );
  });
}

/** Whatever {@link findEntries} and {@link findLists} find something for. */
export function allIds(): readonly string[] {
  return frameworks.flatMap(({ id, sections = {}, entries }) => [
    id,
    ...Object.keys(sections),
    ...entries.map((entry) => entry.id),
  ]);
}

/**
 * Without case and separators, and without the name of a guide before it: `CIS 5.2.6`, `NSA audit-logging`. Trivy's ids have had several
 * forms: `KSV001`, `KSV-0001`, `AVD-KSV-0001`.
 */
export function foldId(id: string): string {
  const bare = id.toLowerCase().replace(/[\s_-]/g, '');
  return bare
    .replace(/^(?:avd)?(k[cs]v)0*(?=\d)/, '$1')
    .replace(/^(?:cis(?:kubernetesbenchmark)?)v?(?=\d+\.\d+\.)/, '')
    .replace(/^nsa(?=[a-z])/, '');
}
