import { visible } from '../../report/visible.js';
import { GitFailure } from './run.js';
import { RemoteError, type RemoteErrorCode } from './types.js';

/** One of several sayings, as sources of patterns. */
function anyOf(...sayings: readonly string[]): RegExp {
  return new RegExp(sayings.join('|'), 'i');
}

const FORBIDDEN = anyOf(
  'not allowed to (?:push|upload)',
  'permission (?:to .{0,300} )?denied (?:to|for)',
  'write access to repository not granted',
  'returned error: 403',
  'not authorized|insufficient (?:permission|scope)|denied by',
);
const UNAUTHENTICATED = anyOf(
  'authentication failed|invalid credentials|returned error: 401',
  'could not read (?:username|password)|terminal prompts disabled',
  'permission denied \\(|host key verification failed',
);
const NOT_FOUND = anyOf(
  'repository not found|repository .{0,500} not found|repository .{0,500} does not exist',
  'does not appear to be a git repository',
  'returned error: 404',
  'project you were looking for could not be found',
);
const UNREACHABLE = anyOf(
  "could not resolve|couldn't connect|failed to connect|network is unreachable|no route to host",
  'connection (?:refused|reset|timed out|closed)|timed? ?out|operation too slow',
  'returned error: 5\\d\\d|http 5\\d\\d',
  'early eof|hung up|unexpected disconnect|recv failure|empty reply',
);

/** What git and the forges behind it say; the first that fits. Exit codes do not tell them apart. */
const SAYINGS: readonly (readonly [RegExp, RemoteErrorCode, string])[] = [
  [/archived|is (?:a )?(?:read-only|mirror)/i, 'ARCHIVED', 'the repository is archived: nobody can push to it'],
  [
    /refusing to allow .{0,200} to create or update workflow/i,
    'FORBIDDEN',
    'the token may not change workflows; give it that permission (GitHub: workflows), or leave them out',
  ],
  [
    /protected branch|GH006|GH013|branch .{0,300} is protected|rule violations/i,
    'PROTECTED',
    'a rule of the repository refuses the branch; let who kubemend runs as push branches with this prefix',
  ],
  [/returned error: 429|rate limit/i, 'RATE_LIMITED', 'it was asked too often; run again later'],
  [
    /not our ref|couldn't find remote ref/i,
    'REFUSED',
    'what is wanted of it is gone: somebody pushed while it was read; run again',
  ],
  [
    /returned error: 30\d|unable to update url base from redirection/i,
    'REDIRECTED',
    'it answers with a redirect, which is not followed so that no credentials go elsewhere; name the address that it leads to',
  ],
  [FORBIDDEN, 'FORBIDDEN', 'no permission for it; give the token write access to the contents of the repository'],
  [
    UNAUTHENTICATED,
    'UNAUTHENTICATED',
    'no credentials, or none that it takes; set KUBEMEND_TOKEN, or a credential helper of git',
  ],
  [NOT_FOUND, 'NOT_FOUND', 'there is no such repository, or the token may not see it; check the address and the permissions'],
  [UNREACHABLE, 'UNREACHABLE', 'no connection, or it failed half-way; run again: nothing is lost'],
  [
    /certificate|SSL_|gnutls|TLS /i,
    'UNREACHABLE',
    "its certificate is not trusted or the connection not safe; git's http.sslCAInfo names other authorities",
  ],
  [
    /hook declined|deny(?:ing)? updating/i,
    'PROTECTED',
    'a hook of the repository refuses the branch; it has to let through branches with this prefix',
  ],
];

/**
 * What a git that asked a remote failed with, in the words of a person and those of the remote.
 *
 * @param did `reading`, `pushing`
 */
export function remoteErrorOf(error: unknown, did: string, host: string): unknown {
  if (!(error instanceof GitFailure) || error.exitCode === undefined) {
    if (error instanceof GitFailure && error.isTimeout) {
      return new RemoteError('UNREACHABLE', `${did} ${host}: ${error.message}; run again`, { cause: error });
    }
    return error;
  }
  const words = withoutNames(`${error.stderr}\n${error.stdout.toString('utf8')}`);
  const [, code, text] = SAYINGS.find(([pattern]) => pattern.test(words)) ?? [undefined, 'REFUSED' as const, 'it refused'];
  const said = quote(error.stderr);
  return new RemoteError(code, `${did} ${host}: ${text}${said === '' ? '' : ` (it says: ${said})`}`, { cause: error });
}

/** A repository called `archived-tls` must not answer for the remote. */
function withoutNames(words: string): string {
  return words
    .split(/[\r\n]+/)
    .map((line) => line.slice(line.lastIndexOf('\t') + 1).replace(/'[^']*'|\b\w+:\/\/\S+/g, "''"))
    .filter((line) => !/^(?:To|From) /.test(line))
    .join('\n');
}

const MOST_QUOTED = 300;
/** What a remote says comes first; what git makes of it is mostly known. */
function quote(stderr: string): string {
  // What it tried before is no reason.
  const [, last = stderr] = /push negotiation failed[^\n]*\n([\s\S]*)$/.exec(stderr) ?? [];
  const lines = last.split(/[\r\n]+/).map((line) => line.trim());
  const remote = lines
    .flatMap((line) => /^remote:\s*(?:error:\s*)?(\S.*)$/.exec(line)?.[1] ?? [])
    .filter((words) => words !== 'error:');
  const own = lines.filter((line) => /^(?:fatal|error): /.test(line)).map((line) => line.replace(/^\w+: /, ''));
  const said = visible([...remote, ...own].slice(0, 3).join(' · '));
  return said.length > MOST_QUOTED ? `${said.slice(0, MOST_QUOTED)}…` : said;
}
