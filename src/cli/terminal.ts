import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

/** What a person said: a line, `end` for the end of the input (Ctrl-D), `interrupt` for Ctrl-C. */
export type Said = { readonly line: string } | 'end' | 'interrupt';

/** A person to ask. */
export interface Terminal {
  ask(question: string): Promise<Said>;
  close(): void;
}

/**
 * Asks a line at a time. What is typed ahead is kept for the next question; Ctrl-C between two questions counts for the next one.
 * @param isTerminal whether the input is one, so that the line can be edited
 */
export function openTerminal(input: Readable, output: Writable, isTerminal = true): Terminal {
  const lines = createInterface({ input, output, terminal: isTerminal, historySize: 0 });
  const ahead: Said[] = [];
  let isEnded = false;
  let waiting: ((said: Said) => void) | undefined;
  const hear = (said: Said): void => {
    if (waiting === undefined) ahead.push(said);
    else {
      const answer = waiting;
      waiting = undefined;
      answer(said);
    }
  };
  lines.on('line', (line) => hear({ line }));
  lines.on('SIGINT', () => hear('interrupt'));
  // Back from Ctrl-Z: it is paused then, and nothing else would keep the program running.
  lines.on('SIGCONT', () => lines.prompt(true));
  lines.on('close', () => {
    isEnded = true;
    hear('end');
  });
  return {
    ask(question) {
      const next = ahead.includes('interrupt') ? 'interrupt' : ahead.shift();
      if (next !== undefined || isEnded) {
        output.write(question);
        return Promise.resolve(next ?? 'end');
      }
      // Its own prompt, so that it is drawn anew when the window changes.
      lines.setPrompt(question);
      lines.prompt();
      return new Promise((resolve) => {
        waiting = resolve;
      });
    },
    close: () => lines.close(),
  };
}
