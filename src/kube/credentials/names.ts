/** Last words of names whose value is a secret itself: `DB_PASSWORD`, `apiKey`, `spring.datasource.password`. */
const ENDINGS = new Map<string, CredentialName>([
  ...[
    'password',
    'passwd',
    'passphrase',
    'pwd',
    'pass',
    'dbpass',
    'dbpassword',
    'userpassword',
    'rootpassword',
    'adminpassword',
  ].map((word) => [word, 'password'] as const),
  ...['secret', 'token'].map((word) => [word, word as CredentialName] as const),
  ...['clientsecret', 'jwtsecret', 'sharedsecret', 'secretkeybase'].map((word) => [word, 'secret'] as const),
  ...['authtoken', 'accesstoken', 'apitoken', 'bearertoken', 'bottoken', 'refreshtoken'].map((word) => [word, 'token'] as const),
  ...['apikey', 'secretkey', 'accesskey', 'privatekey', 'encryptionkey', 'signingkey', 'authkey', 'masterkey', 'licensekey'].map(
    (word) => [word, 'key'] as const,
  ),
]);

/** The kind of secret that a name promises. Of a password, anything may be one; of the others, less is believed. */
export type CredentialName = 'password' | 'secret' | 'token' | 'key';

/** Longer ones are no names. */
const MOST = 200;

/** What kind of secret the value of a variable or a key is, by its name; `undefined` for all that are about a secret, or none. */
export function readCredentialName(name: string): CredentialName | undefined {
  if (name.length > MOST) return undefined;
  const words = wordsOf(name);
  // `DB_PASSWORD_2`
  if (/^\d+$/.test(words.at(-1) ?? '')) words.pop();
  const last = words.at(-1) ?? '';
  const one = ENDINGS.get(last);
  // Alone, `PWD` is the working directory, and `pass` a verdict.
  if (one && (words.length > 1 || !['pwd', 'pass'].includes(last))) return isPublic(words) ? undefined : one;
  if (words.length < 2) return undefined;
  const two = ENDINGS.get(words.slice(-2).join('')) ?? ENDINGS.get(words.slice(-3).join(''));
  return two && !isPublic(words) ? two : undefined;
}

function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter((word) => word !== '');
}

/** What is not secret although it is called so, or says something about one. */
const PUBLIC: ReadonlySet<string> = new Set(
  (
    'public csrf xsrf next page continuation max min num allow allowed require required disable disabled enable enabled has is no use ' +
    'skip reset change show hide validate verify check generate rotate existing delimiter separator pull cert certificate tls ca'
  ).split(' '),
);

function isPublic(words: readonly string[]): boolean {
  return words.slice(0, -1).some((word) => PUBLIC.has(word));
}
