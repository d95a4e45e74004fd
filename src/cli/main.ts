import process from 'node:process';
import { ConfigError, formatProblem, UsageError } from '../core/errors.js';
import { NotThereError } from '../discover/disk/discover.js';
import { visible } from '../report/visible.js';
import type { createSession } from '../session.js';
import { nearCommand, type Parsed, parseCommand } from './commands.js';
import { fixFiles } from './fix.js';
import { type Io, processIo } from './io.js';

/** Runs a command line. Returns the exit code: 0 done, 1 `--check` or `check-pss` found something, 2 wrong usage or trouble. */
export async function run(argv: readonly string[], io: Io, sessionFrom?: typeof createSession): Promise<number> {
  try {
    return await runCommand(parseCommand(argv), io, sessionFrom);
  } catch (error) {
    // A key may hold line breaks, and what stands behind one is not ours to say.
    if (error instanceof ConfigError) for (const each of error.problems) io.stderr.write(`${visible(formatProblem(each))}\n`);
    else if (error instanceof UsageError) io.stderr.write(`kubemend: ${visible(error.message)}${hintFor(error, argv)}\n`);
    else
      io.stderr.write(
        `kubemend: this is a bug, please report it at https://github.com/kubemend/kubemend/issues\n${stackOf(error)}\n`,
      );
    return 2;
  }
}

/** Where more is said. A command that is spelled wrong is taken for a path. */
function hintFor(error: UsageError, [first = '']: readonly string[]): string {
  if (error.more !== undefined) return `\n${error.more}`;
  const near = error instanceof NotThereError && error.named === first ? nearCommand(first) : undefined;
  return near === undefined ? '' : `. For the command: kubemend ${near}`;
}

async function runCommand(parsed: Parsed, io: Io, sessionFrom?: typeof createSession): Promise<number> {
  if ('print' in parsed) {
    io.stdout.write(parsed.print);
    return 0;
  }
  // Starting up reads only what the command at hand needs.
  switch (parsed.command) {
    case 'check-pss': {
      const { checkPodSecurity } = await import('./check-pss.js');
      return await checkPodSecurity(parsed.options, io);
    }
    case 'suppress': {
      const { suppress } = await import('./suppress.js');
      return await suppress(parsed.options, io);
    }
    case 'pr':
    case 'pr list':
    case 'pr close': {
      const { pullRequests } = await import('./pr.js');
      return await pullRequests(parsed, io, sessionFrom);
    }
    case 'config': {
      const { showConfig } = await import('./config.js');
      return showConfig(parsed.options, io);
    }
    case 'init': {
      const { initConfig } = await import('./init.js');
      return await initConfig(parsed.options, io);
    }
    case 'ls': {
      const { listRoles } = await import('./ls.js');
      return await listRoles(parsed.options, io);
    }
    case 'lock': {
      const { lockImages } = await import('./lock.js');
      return await lockImages(parsed.options, io);
    }
    case 'profiles': {
      const { listProfiles } = await import('./profiles.js');
      return listProfiles(io, parsed);
    }
    case 'explain': {
      const { explain } = await import('./explain.js');
      return await explain(parsed.ids, io, { color: parsed.color });
    }
    case 'fix': {
      if (!parsed.options.paths.includes('-')) return await fixFiles(parsed.options, io, sessionFrom);
      const { fixStdin } = await import('./stdin.js');
      return await fixStdin(parsed.options, io, sessionFrom);
    }
  }
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function tryProcessIo(): Io | undefined {
  try {
    return processIo();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    process.stderr.write('kubemend: the folder you are in is not there any more; go to one that is\n');
    return undefined;
  }
}

/** The command as the shell starts it. The process ends by itself once all is printed. */
export async function main(argv: readonly string[]): Promise<void> {
  const io = tryProcessIo();
  const code = io ? await run(argv, io) : 2;
  // Trouble with the output may have set it already.
  process.exitCode = Math.max(code, Number(process.exitCode ?? 0));
}
