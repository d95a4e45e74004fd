import { isOpaque } from '../opaque.js';
import type { CredentialName } from './names.js';

/** A key with a form of its own; each pattern looks a bounded number of characters ahead, from places that are rare. */
interface Form {
  readonly what: string;
  /** A word without which there is none. */
  readonly mark: string;
  readonly pattern: RegExp;
}

const FORMS: readonly Form[] = [
  { what: 'a private key', mark: '-----BEGIN ', pattern: /-----BEGIN (?:[A-Z]{2,10} ){0,2}PRIVATE KEY(?: BLOCK)?-----/ },
  { what: 'an AWS access key', mark: 'IA', pattern: /\bA(?:KIA|SIA)(?![A-Z0-9]{9}EXAMPLE)[A-Z0-9]{16}\b/ },
  { what: 'a token of GitHub', mark: 'gh', pattern: /\bgh[pousr]_[A-Za-z0-9]{36}/ },
  { what: 'a token of GitHub', mark: 'github_pat_', pattern: /\bgithub_pat_[A-Za-z0-9_]{60}/ },
  { what: 'a token of GitLab', mark: 'glpat-', pattern: /\bglpat-[\w-]{20}/ },
  { what: 'a token of Slack', mark: 'xox', pattern: /\bxox[abeoprs]-\d{6,14}-[\w-]{10}/ },
  {
    what: 'a webhook of Slack',
    mark: 'hooks.slack.com/',
    pattern: /hooks\.slack\.com\/services\/T[A-Z0-9]{7,12}\/B[A-Z0-9]{7,12}\/(?!X{8})\w{20}/,
  },
  { what: 'a JSON Web Token', mark: 'eyJ', pattern: /(?<![\w-])eyJ[\w-]{10,2000}\.eyJ[\w-]{10,4000}\.[\w-]{20}/ },
  { what: 'an API key of Google', mark: 'AIza', pattern: /\bAIza[\w-]{35}(?![\w-])/ },
  { what: 'a key of Stripe', mark: 'k_live_', pattern: /\b[rs]k_live_[A-Za-z0-9]{20}/ },
  { what: 'a token of npm', mark: 'npm_', pattern: /\bnpm_[A-Za-z0-9]{36}\b/ },
  { what: 'a key of SendGrid', mark: 'SG.', pattern: /\bSG\.[\w-]{22}\.[\w-]{43}\b/ },
];

/** What stands between `://` and `@`; the second part is the password. */
const USER_INFO = /:\/\/[^\s:@/"'<>]{0,64}:([^\s@/"'<>]{1,128})@[\w[]/g;

/** What follows is data. */
const MOST_SEARCHED = 65_536;

/** In words, what sort of key there is somewhere in a text, by its form alone; `undefined` for none. */
export function findKeyIn(whole: string): string | undefined {
  const text = whole.slice(0, MOST_SEARCHED);
  const form = FORMS.find(({ mark, pattern }) => text.includes(mark) && pattern.test(text));
  if (form) return form.what;
  if (!text.includes('://')) return undefined;
  for (const [, password = ''] of text.matchAll(USER_INFO)) if (isLiteral(password, 'password')) return 'a password in a URL';
  return undefined;
}

/** Longer ones are texts. */
const MOST = 4096;

/** Whether the value of something with a secret's name is the secret, and not where it is, what is said of it, or nothing yet. */
export function isLiteral(value: string, name: CredentialName): boolean {
  const text = value.trim();
  if (text === '' || text.length > MOST || isReference(text) || isPlaceholder(text) || WORDS.test(text)) return false;
  // A number is how long, how many or how large; but people do choose such passwords.
  if (/^[\d.,:]+\s?[A-Za-z%]{0,3}$/.test(text)) return name === 'password' && /^\d{4,}$/.test(text);
  // `shop/db-credentials`, `webhook-cert`: the name of a Secret, a key or an account, and nothing to guess with.
  if (name !== 'password' && isPlainName(text)) return false;
  return !/\s/.test(text) || name === 'password';
}

/** Where another tool or program finds the value. */
function isReference(text: string): boolean {
  if (isOpaque(text) || /\$[A-Za-z_{(]|%[({]|^%\w+%$/.test(text)) return true;
  // A path has more than one step, or a dot; base64 may begin with a slash, too.
  if (/^\.{0,2}\/(?:[\w.-]+\/)*[\w.-]*$/.test(text) && !/^\/?[A-Za-z0-9+/]{40,}={0,2}$/.test(text)) return true;
  return REFERENCE.test(text);
}

const REFERENCE =
  /^(?:\w{1,20}\+)?(?:akv|arn|awssm|azkv|azurekv|berglas|enc|env|file|gsm|keyvault|op|projects|ref|secret|secretref|secretsmanager|sm|sops|ssm|urn|vault|https?)(?:[:+[]|\/(?=\w+\/))/i;

const WORDS =
  /^(?:true|false|yes|no|on|off|y|n|enabled?|disabled?|null|nil|none|undefined|empty|auto|default|required?|optional|string|never|always)$/i;

/** What someone is to write something in the place of. */
const PLACEHOLDER =
  /^<[^<>]*>$|^\[[^[\]]*\]$|^(?:[*.x#_-]){2,}$|change[-_ ]?(?:me|it|this)|replace|your[-_ ]|^your|placeholder|redacted|example|dummy|to[-_ ]?do\b|fix[-_]?me|insert|fill[-_ ]?(?:in|me)|xxxx|not[-_ ]?(?:used|needed|set|a[-_ ]real)|^unused$|^\.\.\./i;

function isPlaceholder(text: string): boolean {
  return PLACEHOLDER.test(text);
}

/** Words of letters, joined by what names are joined by. */
function isPlainName(text: string): boolean {
  return text.length <= 253 && /^[a-z][a-z]*(?:[-./_:@][a-z]+)*$/i.test(text) && (text.length < 16 || /[-./_:@]/.test(text));
}
