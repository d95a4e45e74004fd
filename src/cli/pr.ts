import type { createSession } from '../session.js';
import type { Io } from './io.js';
import type { ParsedPr } from './pr-options.js';

/** `kubemend pr`, `pr list` and `pr close`. Returns the exit code. */
export async function pullRequests(
  _parsed: Exclude<ParsedPr, { readonly print: string }>,
  io: Io,
  _sessionFrom?: typeof createSession,
): Promise<number> {
  io.stderr.write('kubemend: pull requests are not made yet\n');
  return 2;
}
