import { Session } from 'node:inspector';
import { setFlagsFromString } from 'node:v8';

/** How often each function and each block of the sources is run meanwhile: the same number each time, whatever the machine does. */
export function countWork(task: () => void): number {
  // What the optimizing compiler inlines is not counted.
  setFlagsFromString('--no-opt');
  const session = new Session();
  session.connect();
  try {
    session.post('Profiler.enable');
    session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
    task();
    let work = 0;
    session.post('Profiler.takePreciseCoverage', (error, coverage) => {
      if (error) throw error;
      for (const { url, functions } of coverage.result) {
        if (!url.includes('/src/')) continue;
        for (const { ranges } of functions) for (const { count } of ranges) work += count;
      }
    });
    return work;
  } finally {
    session.disconnect();
    setFlagsFromString('--opt');
  }
}
