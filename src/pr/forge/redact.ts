import { Buffer } from 'node:buffer';

/** What tokens of the forges look like, and credentials in an address. */
const TOKENS = /\b(?:gh[opsur]_|github_pat_|glpat-|gloas-|glcbt-|gldt-|glptt-)[\w.-]{10,}/g;
const IN_ADDRESS = /(\b[a-z][a-z0-9+.-]{0,20}:\/\/)[^/\s@]{1,2000}@/gi;
const HIDDEN = '[redacted]';

/**
 * A text without the `secrets`, as they are, as an address writes them and as a header of basic authentication does; and without
 * whatever else looks like a token.
 */
export function redact(text: string, secrets: Iterable<string>): string {
  let safe = text;
  // The longest first: one may be a part of another.
  for (const secret of [...secrets].sort((a, b) => b.length - a.length)) {
    for (const form of formsOf(secret)) safe = safe.replaceAll(form, HIDDEN);
  }
  return safe.replace(IN_ADDRESS, `$1${HIDDEN}@`).replace(TOKENS, HIDDEN);
}

function formsOf(secret: string): readonly string[] {
  if (secret.length < 4) return [];
  const encoded = encodeURIComponent(secret);
  const basic = ['', ':', 'oauth2:', 'x-access-token:', 'git:'].flatMap((user) => {
    const bytes = Buffer.from(user + secret);
    // Without the filling, which may follow or not.
    return [bytes.toString('base64').replace(/=+$/, ''), bytes.toString('base64url')];
  });
  const forms = [
    secret,
    encoded,
    encoded.replace(/%../g, (code) => code.toLowerCase()),
    ...basic,
    ...basic.map(encodeURIComponent),
  ];
  return forms.sort((a, b) => b.length - a.length);
}
