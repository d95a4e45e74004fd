/** Why a file cannot be read. The list is closed: `npm run corpus` and the report's schema know every one. */
export type RefusalCode =
  | 'SYNTAX' // not YAML or JSON
  | 'TAB_INDENT' // a tab where YAML wants spaces
  | 'DUPLICATE_KEY' // one key twice in a map
  | 'UNKNOWN_ANCHOR' // an alias of nothing
  | 'COMPLEX_KEY' // a map or list as a key, which no Kubernetes object has
  | 'ALIAS_BOMB' // aliases that expand to more than any manifest holds
  | 'TOO_DEEP' // nested deeper than any manifest
  | 'INVALID_UTF8'
  | 'UTF16'
  | 'TOO_LARGE';

/** A place in a file. Lines and columns count from 1, columns in UTF-16 units as editors do. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A manifest that cannot be read. The file stays as it was; the others go on. */
export class ManifestError extends Error {
  override readonly name = 'ManifestError';
  constructor(
    readonly code: RefusalCode,
    message: string,
    readonly position: Position,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

/** A bug of ours: two transforms that contradict each other, or an edit that could not be proved. */
export class EngineError extends Error {
  override readonly name = 'EngineError';
  constructor(
    readonly code: 'CONFLICT' | 'UNPROVEN' | 'SPLICES',
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

/** What the user asked for cannot be done as asked: a wrong option, a path that is not there. Exit code 2. */
export class UsageError extends Error {
  override readonly name: string = 'UsageError';
  /** What stands in a line of its own: where more is said. No text of others, who could begin a line with what is a command. */
  readonly more: string | undefined;
  constructor(message: string, { more, ...options }: ErrorOptions & { readonly more?: string } = {}) {
    super(message, options);
    this.more = more;
  }
}

/** One thing that is wrong in a configuration file. */
export interface ConfigProblem {
  readonly file: string;
  readonly position: Position;
  /** What is wrong, and what would be right. */
  readonly text: string;
}

/** A configuration that cannot be used, with everything that is wrong with it. Exit code 2; nothing is changed. */
export class ConfigError extends UsageError {
  override readonly name = 'ConfigError';
  /** @param problems at least one */
  constructor(readonly problems: readonly ConfigProblem[]) {
    super(problems.map(formatProblem).join('\n'));
  }
}

/** `kubemend.yaml:3:1  unknown key "x"` */
export function formatProblem({ file, position: { line, column }, text }: ConfigProblem): string {
  return `${file}:${line}:${column}  ${text}`;
}
