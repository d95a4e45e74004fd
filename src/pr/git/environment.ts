import { FIXED_CONFIG, FIXED_ENV } from '../../git/command.js';

export type Env = Readonly<Record<string, string | undefined>>;
/** Names and values, in order; a later one counts more. */
export type Config = readonly (readonly [string, string])[];

/** What would turn git to another repository than the one it is told, or print credentials. */
const DROPPED = [
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_ATTR_SOURCE',
  'GIT_COMMON_DIR',
  'GIT_CONFIG',
  'GIT_DIR',
  'GIT_GRAFT_FILE',
  'GIT_IMPLICIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_NAMESPACE',
  'GIT_NO_REPLACE_OBJECTS',
  'GIT_OBJECT_DIRECTORY',
  'GIT_PREFIX',
  'GIT_QUARANTINE_PATH',
  'GIT_REPLACE_REF_BASE',
  'GIT_SHALLOW_FILE',
  'GIT_TEMPLATE_DIR',
  'GIT_TRACE_REDACT',
  'GIT_WORK_TREE',
];
/** Where tokens are read from: those who are asked for credentials may need them, nobody else. */
const TOKENS = [
  ...['KUBEMEND_TOKEN', 'KUBEMEND_APP_PRIVATE_KEY', 'GITHUB_TOKEN', 'GH_TOKEN', 'GH_ENTERPRISE_TOKEN', 'GITHUB_ENTERPRISE_TOKEN'],
  ...['GITLAB_TOKEN', 'GITEA_TOKEN', 'FORGEJO_TOKEN', 'CODEBERG_TOKEN'],
];
/** Of what is configured and set, traces name nothing: it holds the token. Empty, the user's configuration would say what they name. */
const UNTRACED = { GIT_TRACE2_CONFIG_PARAMS: 'kubemend.none', GIT_TRACE2_ENV_VARS: 'KUBEMEND_NONE' };

/** What the configuration of a user must not change: no hook, no filter, no other repository, no work behind our back. */
const OURS: Config = [
  ['core.hooksPath', '/dev/null'],
  ['core.attributesFile', '/dev/null'],
  ['gc.auto', '0'],
  ['maintenance.auto', 'false'],
  ['protocol.version', '2'],
  ['submodule.recurse', 'false'],
  ['fetch.recurseSubmodules', 'false'],
  ['fetch.writeCommitGraph', 'false'],
  ['fetch.prune', 'false'],
  ['push.recurseSubmodules', 'no'],
  ['push.followTags', 'false'],
  ['push.gpgSign', 'false'],
  // Else a base that moved since it was fetched is packed and sent as a whole.
  ['push.negotiate', 'true'],
  ['i18n.commitEncoding', 'UTF-8'],
  ['i18n.logOutputEncoding', 'UTF-8'],
  // Credentials would go with it.
  ['http.followRedirects', 'false'],
  // A server that says nothing for so many seconds is given up.
  ['http.lowSpeedLimit', '1'],
  ['http.lowSpeedTime', '60'],
];

/** Arguments that stand before every command. */
export const FIXED_ARGS = [
  '--no-optional-locks',
  '--literal-pathspecs',
  ...FIXED_CONFIG.flatMap((setting) => ['-c', setting]),
  ...OURS.flatMap(([name, value]) => ['-c', `${name}=${value}`]),
];

/**
 * The environment of a git that works on a repository of ours.
 *
 * @param config what holds besides the user's own configuration; not on the command line, which everybody on the machine can read
 * @param asks who may be asked: nobody, since that brings credentials; what signs, for a passphrase; or whoever has credentials
 */
export function environmentOf(
  env: Env,
  config: Config,
  asks: 'nobody' | 'signers' | 'helpers',
): Record<string, string | undefined> {
  const made: Record<string, string | undefined> = { ...env, ...FIXED_ENV, ...UNTRACED, LANGUAGE: '', GIT_TERMINAL_PROMPT: '0' };
  for (const name of asks === 'helpers' ? DROPPED : [...DROPPED, ...TOKENS]) delete made[name];
  if (asks === 'nobody') Object.assign(made, { GIT_ASKPASS: '', SSH_ASKPASS: '' });
  let count = Number(env.GIT_CONFIG_COUNT ?? 0) || 0;
  for (const [name, value] of config) {
    made[`GIT_CONFIG_KEY_${count}`] = name;
    made[`GIT_CONFIG_VALUE_${count}`] = value;
    count++;
  }
  made.GIT_CONFIG_COUNT = String(count);
  return made;
}
