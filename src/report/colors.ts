/** How a stream shows the few things that have a colour. Each function gives its argument back where colour is off. */
export interface Colors {
  readonly low: (text: string) => string;
  readonly medium: (text: string) => string;
  readonly high: (text: string) => string;
  readonly strong: (text: string) => string;
  readonly faint: (text: string) => string;
  readonly error: (text: string) => string;
  /** The parts of a patch, as git colours them. */
  readonly header: (text: string) => string;
  readonly hunk: (text: string) => string;
  readonly added: (text: string) => string;
  readonly removed: (text: string) => string;
  /** A line of a manifest in a patch, without its line break. */
  readonly line: (text: string) => string;
}

const plain = (text: string) => text;
export const PLAIN: Colors = {
  low: plain,
  medium: plain,
  high: plain,
  strong: plain,
  faint: plain,
  error: plain,
  header: plain,
  hunk: plain,
  added: plain,
  removed: plain,
  line: plain,
};
