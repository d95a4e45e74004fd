import process from 'node:process';
import type { Terminal } from './terminal.js';

/** A stream that text goes to. */
export interface Sink {
  write(text: string): void;
  readonly isTerminal: boolean;
  /** Whether the reader has gone, as `head` does; what is written after that is dropped. */
  readonly isClosed: boolean;
  /** For the progress bar, which moves the cursor. */
  readonly stream?: NodeJS.WriteStream;
}

/** All that the commands know of the world besides the disk, so that tests can stand in for it. */
export interface Io {
  readonly stdout: Sink;
  readonly stderr: Sink;
  readonly readStdin: () => Promise<Uint8Array>;
  /** Someone to ask; `undefined` where standard input or standard error is no terminal. */
  readonly openTerminal?: () => Promise<Terminal | undefined>;
  /** Absolute and real. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `YYYY-MM-DD`, the same all over the world at one moment. */
  readonly today: string;
}

export function processIo(): Io {
  return {
    stdout: sinkOf(process.stdout),
    stderr: sinkOf(process.stderr),
    readStdin,
    openTerminal,
    cwd: process.cwd(),
    env: process.env,
    today: new Date().toISOString().slice(0, 10),
  };
}

function sinkOf(stream: NodeJS.WriteStream): Sink {
  let isClosed = false;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    isClosed = true;
    // A reader that has seen enough is no fault; anything else means that the output is not whole.
    if (error.code === 'EPIPE') return;
    process.exitCode = 2;
    if (stream !== process.stderr) process.stderr.write(`kubemend: the output cannot be written: ${error.message}\n`);
  });
  return {
    write(text) {
      if (!isClosed && text !== '') stream.write(text);
    },
    isTerminal: stream.isTTY === true,
    get isClosed() {
      return isClosed;
    },
    stream,
  };
}

async function openTerminal(): Promise<Terminal | undefined> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return undefined;
  // Few runs ask anything.
  const { openTerminal: open } = await import('./terminal.js');
  return open(process.stdin, process.stderr);
}

async function readStdin(): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
