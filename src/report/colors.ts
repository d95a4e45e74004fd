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
}

const RESET = '\u001b[0m';
const paint = (code: number) => (text: string) => (text === '' ? '' : `\u001b[${code}m${text}${RESET}`);
const plain = (text: string) => text;

const GREEN = paint(32);
const YELLOW = paint(33);
const RED = paint(31);
const BOLD = paint(1);

const COLORED: Colors = {
  low: GREEN,
  medium: YELLOW,
  high: RED,
  strong: BOLD,
  faint: paint(2),
  error: RED,
  header: BOLD,
  hunk: paint(36),
  added: GREEN,
  removed: RED,
};

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
};

export function createColors(isColored: boolean): Colors {
  return isColored ? COLORED : PLAIN;
}
