import { visible } from '../../report/visible.js';
import { GitFailure } from './run.js';
import { RemoteError, type RemoteErrorCode } from './types.js';

/** What git and the forges behind it say, the first that fits. All are ours to recognise since exit codes say nothing. */
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
  [
    /not allowed to (?:push|upload)|permission (?:to .{0,300} )?denied (?:to|for)|write access to repository not granted|returned error: 403|not authorized|insufficient (?:permission|scope)|denied by/i,
    'FORBIDDEN',
    'no permission to push; give the token write access to the contents of the repository',
  ],
  [
    /authentication failed|could not read (?:username|password)|terminal prompts disabled|returned error: 401|permission denied \(|host key verification failed|invalid credentials/i,
    'UNAUTHENTICATED',
    'no credentials, or none that it takes; set KUBEMEND_TOKEN, or a credential helper of git',
  ],
  [
    /repository .{0,500} not found|repository not found|does not appear to be a git repository|returned error: 404|project you were looking for could not be found|does not exist|no such file or directory/i,
    'NOT_FOUND',
    'there is no such repository, or the token may not see it; check the address and the permissions',
  ],
  [
    /could not resolve|couldn't connect|failed to connect|connection (?:refused|reset|timed out|closed)|timed? ?out|returned error: 5\d\d|http 5\d\d|early eof|hung up|unexpected disconnect|recv failure|empty reply|network is unreachable|operation too slow|no route to host/i,
    'UNREACHABLE',
    'no connection, or it failed half-way; run again: nothing is lost',
  ],
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
