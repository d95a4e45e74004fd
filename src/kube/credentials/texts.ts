import { type CredentialName, readCredentialName } from './names.js';
import { findKeyIn, isLiteral } from './values.js';

/** A secret in a text: what it is by its form, or the key that it is given to. Never the value. */
export interface FoundCredential {
  readonly what: string;
  /** Of the text, from 1; absent where the whole text is it. */
  readonly line?: number;
}

/** Files of settings, by how their names end. In a program, what is assigned to a `token` is seldom one. */
const SETTINGS = /^[^.]+$|\.(?:properties|env|ini|cnf|conf|cfg|config|ya?ml|toml|json|credentials)$/i;

/** `key: value`, `key = value`, `"key": "value",`; a value with a bracket in it is an expression. */
const ASSIGNMENT =
  /^[ \t]{0,80}(?:export |- )?["']?([A-Za-z_][\w.-]{0,100})["']?[ \t]{0,20}[:=][ \t]{0,20}(["']?)([^\s"'(){}<>[\];]{1,500})\2[ \t]{0,20},?[ \t\r]{0,20}$/;

/** Lines of a text are looked at one by one; longer ones are data. */
const LONGEST_LINE = 1000;
const MOST_LINES = 20_000;

/** What is secret in the value of a variable of the environment. */
export function findInVariable(name: string, value: string): FoundCredential | undefined {
  const kind = readCredentialName(name);
  const form = findKeyIn(value);
  if (form !== undefined) return { what: form };
  return kind && isLiteral(value, kind) ? { what: WHAT[kind] } : undefined;
}

const WHAT: Readonly<Record<CredentialName, string>> = {
  password: 'a password',
  secret: 'a secret',
  token: 'a token',
  key: 'a key',
};

/**
 * What is secret in a text of a ConfigMap.
 * @param key what it is called there: the name of a file, as a rule
 */
export function findInConfig(key: string, text: string): readonly FoundCredential[] {
  const isOneLine = !text.trimEnd().includes('\n');
  if (isOneLine) {
    const found = findInVariable(key, text);
    return found ? [found] : [];
  }
  const found: FoundCredential[] = [];
  for (const [position, line] of text.split('\n', MOST_LINES).entries()) {
    if (line.length > LONGEST_LINE || /^\s*(?:#|\/\/|;|\*|<!--)/.test(line)) continue;
    const what = findKeyIn(line) ?? (SETTINGS.test(key) ? findAssigned(line) : undefined);
    if (what !== undefined) found.push({ what, line: position + 1 });
  }
  return found;
}

function findAssigned(line: string): string | undefined {
  const [, key = '', , value = ''] = ASSIGNMENT.exec(line) ?? [];
  // The text of a block follows in the next lines.
  const kind = key === '' || /^[|>][-+\d]?$/.test(value) ? undefined : readCredentialName(key);
  return kind && isLiteral(value, kind) ? `"${key}"` : undefined;
}
