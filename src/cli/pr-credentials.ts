import { spawnSync } from 'node:child_process';
import type { Io } from './io.js';

/**
 * The password or token that git's credential helper has for an address; nobody is asked for one.
 *
 * @param url by HTTP, without credentials
 */
export function askHelper(url: string, cwd: string, env: Io['env']): string | undefined {
  const { protocol, host, pathname } = new URL(url);
  const asked = [`protocol=${protocol.slice(0, -1)}`, `host=${host}`, `path=${decodeURI(pathname).slice(1)}`];
  if (asked.some((line) => /[\n\0]/.test(line))) return undefined;
  const { status, stdout } = spawnSync(
    'git',
    ['-c', 'core.askPass=', '-c', 'credential.interactive=false', 'credential', 'fill'],
    {
      cwd,
      input: `${asked.join('\n')}\n\n`,
      env: { ...env, GIT_TERMINAL_PROMPT: '0', GIT_ASKPASS: '', SSH_ASKPASS: '' },
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'ignore'],
      timeout: 30_000,
    },
  );
  if (status !== 0) return undefined;
  return /^password=([\x21-\x7e]+)$/m.exec(stdout)?.[1];
}
