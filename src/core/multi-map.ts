/** Texts by key, of which most keys have one: in a large repository, a set for each would be most of what is kept. */
export interface MultiMap {
  /** Once, however often it is added. */
  add(key: string, value: string): void;
  has(key: string): boolean;
  /** In the order in which they were added. */
  get(key: string): readonly string[];
}

export function createMultiMap(): MultiMap {
  const values = new Map<string, string | Set<string>>();
  return {
    add(key, value) {
      const known = values.get(key);
      if (known === undefined) values.set(key, value);
      else if (typeof known !== 'string') known.add(value);
      else if (known !== value) values.set(key, new Set([known, value]));
    },
    has: (key) => values.has(key),
    get(key) {
      const known = values.get(key);
      if (known === undefined) return [];
      return typeof known === 'string' ? [known] : [...known];
    },
  };
}
