import process from 'node:process';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Does something that leaves things behind. On Ctrl-C, or when it is told to end, they are removed and the process ends as it would
 * have.
 */
export async function untilStopped<Value>(clean: () => void, work: (signal: AbortSignal) => Promise<Value>): Promise<Value> {
  const stop = new AbortController();
  const end = (signal: NodeJS.Signals) => {
    stop.abort();
    clean();
    forget();
    process.kill(process.pid, signal);
  };
  const forget = () => {
    for (const signal of SIGNALS) process.removeListener(signal, end);
  };
  for (const signal of SIGNALS) process.once(signal, end);
  try {
    return await work(stop.signal);
  } finally {
    forget();
  }
}
