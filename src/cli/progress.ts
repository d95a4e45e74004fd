import cliProgress from 'cli-progress';
import { visible } from '../report/visible.js';

export interface Progress {
  /** Says that `done` files are read, and which one is at hand. */
  show(done: number, file: string): void;
  /** Takes the bar off the screen, until the next `show`. */
  hide(): void;
}

const FORMAT = '{bar} {value}/{total} files · {rate}/s · {file}';
/** What the rest of the line takes, at most. */
const BAR_WIDTH = 20;
const REST_WIDTH = 60;

/** A bar on a terminal: files done, files in a second, and the file at hand, which is the slow one when the bar stands still. */
export function createProgress(stream: NodeJS.WriteStream, total: number, startedAt: number): Progress {
  // Its own handling of signals would swallow the first Ctrl-C.
  const options = { stream, format: FORMAT, clearOnComplete: true, gracefulExit: false, barsize: BAR_WIDTH };
  const bar = new cliProgress.SingleBar(options);
  const width = Math.max(10, (stream.columns ?? 80) - REST_WIDTH);
  let isShown = false;
  return {
    show(steps, path) {
      const file = visible(path);
      const done = Math.floor(steps);
      const rate = Math.round((done * 1000) / Math.max(1, Date.now() - startedAt));
      const payload = { rate, file: file.length > width ? `…${file.slice(1 - width)}` : file };
      if (isShown) bar.update(done, payload);
      else bar.start(total, done, payload);
      isShown = true;
    },
    hide() {
      if (isShown) bar.stop();
      isShown = false;
    },
  };
}
