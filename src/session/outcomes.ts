import type { ManifestError } from '../core/errors.js';
import type { Left } from '../discover/classify.js';
import type { FileResult, FileVerdict } from '../engine/types.js';

/*
 * What becomes of files whose objects nobody looks at.
 */

export function leaveFile(file: string, text: string, left: Left): FileResult {
  return { ...untouched(file, text), status: 'left', left };
}

export function refuseFile(file: string, error: ManifestError): FileResult {
  return { ...untouched(file, ''), status: 'refused', error };
}

/** A bug of ours. What stands behind the first line of the message may quote the text. */
export function failFile(file: string, error: unknown): FileResult {
  const [what = ''] = (error instanceof Error ? error.message : String(error)).split('\n', 1);
  return { ...untouched(file, ''), status: 'failed', bug: { code: 'CRASH', text: what } };
}

function untouched(file: string, text: string): Omit<FileResult, 'status'> {
  return { file, text, splices: [], findings: [], objects: [], suppressions: [], series: [] };
}

/** The same, where only a verdict is asked for. */
export function asVerdict({ file, status, left, error, bug }: FileResult): FileVerdict {
  return {
    file,
    status: status === 'refused' || status === 'failed' ? status : 'left',
    objects: [],
    ...(left && { left }),
    ...(error && { error }),
    ...(bug && { bug }),
  };
}
