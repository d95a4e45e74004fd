import type { ChildProcess } from 'node:child_process';
import process from 'node:process';

/** A process that git starts to ask a remote outlives it; so each git has a group of its own, which ends as a whole. */
export const HAS_GROUPS = process.platform !== 'win32';

const running = new Set<ChildProcess>();
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Ends a git with all that it started. */
export function endGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    if (HAS_GROUPS) process.kill(-child.pid, 'SIGTERM');
    else child.kill();
  } catch {
    // It has ended.
  }
}

/** A group gets no Ctrl-C from the terminal: while one runs, what ends this process ends it, too. */
export function track(child: ChildProcess): void {
  if (running.size === 0) {
    process.on('exit', endAll);
    for (const signal of SIGNALS) process.on(signal, endAllBy);
  }
  running.add(child);
}

export function untrack(child: ChildProcess): void {
  running.delete(child);
  if (running.size > 0) return;
  process.off('exit', endAll);
  for (const signal of SIGNALS) process.off(signal, endAllBy);
}

function endAll(): void {
  for (const child of running) endGroup(child);
}

function endAllBy(signal: NodeJS.Signals): void {
  endAll();
  process.off(signal, endAllBy);
  // Nobody else wants to have a say in it: what the signal does without us.
  if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
}
