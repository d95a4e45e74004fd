/** `"a", "b"` */
export function quoted(items: readonly string[]): string {
  return items.map((item) => `"${item}"`).join(', ');
}

/** The word that goes with so many: `container` or `containers`. */
export function counted(items: readonly unknown[], one: string, many: string): string {
  return items.length === 1 ? one : many;
}

/** `container "a"`, `containers "a", "b"` */
export function containersNamed(names: readonly string[]): string {
  return `${counted(names, 'container', 'containers')} ${quoted(names)}`;
}

/** Who set something: `pod`, `container "a"`, `pod and containers "a", "b"`. */
export function settersNamed(isPod: boolean, names: readonly string[]): string {
  const setters = isPod ? ['pod'] : [];
  if (names.length > 0) setters.push(containersNamed(names));
  return setters.join(' and ');
}

/** Each value once, sorted. */
export function distinct(items: Iterable<string>): readonly string[] {
  return [...new Set(items)].sort();
}
