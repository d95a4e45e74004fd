/** Replaces what must not be seen. */
export type Redact = (text: string) => string;

const MASK = '***';
/** Tokens that say themselves what they are, whoever they belong to. */
const KNOWN =
  /\b(?:gh[pousr]_[A-Za-z0-9]{16,}|github_pat_[A-Za-z0-9_]{16,}|gl(?:pat|oas|dt|rt|cbt|ptt|ft|soat)-[A-Za-z0-9_.-]{16,})/g;
/** `https://user:password@host`: what stands before the host. Anchored at the scheme, of bounded length. */
const USER_INFO = /\b(https?:\/\/)[^\s/@]{1,1024}@/gi;

/**
 * Takes secrets out of texts, in every form in which they may show up: as they are, URL-encoded, and as Base64 of `user:secret`.
 *
 * @param secrets tokens, each with the names that it is used with
 */
export function createRedactor(secrets: readonly { readonly value: string; readonly users?: readonly string[] }[]): Redact {
  const forms = new Set<string>();
  for (const { value, users = [] } of secrets) {
    if (value === '') continue;
    forms.add(value);
    const percent = encodeURIComponent(value);
    forms.add(percent);
    forms.add(percent.replace(/%../g, (code) => code.toLowerCase()));
    for (const before of ['', ':', ...users.map((user) => `${user}:`)]) {
      const encoded = Buffer.from(before + value).toString('base64');
      forms.add(encoded);
      forms.add(encoded.replace(/=+$/, ''));
      forms.add(encodeURIComponent(encoded));
      forms.add(encodeURIComponent(encoded.replace(/=+$/, '')));
      forms.add(Buffer.from(before + value).toString('base64url'));
    }
  }
  // The longest first, since one may hold another.
  const ordered = [...forms].sort((a, b) => b.length - a.length);
  return (text) => {
    let redacted = text;
    for (const form of ordered) redacted = redacted.replaceAll(form, MASK);
    return redacted.replace(USER_INFO, `$1${MASK}@`).replace(KNOWN, MASK);
  };
}
