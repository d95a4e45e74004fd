import { ManifestError, type RefusalCode } from '../../src/core/errors.js';
import type { DecidedFinding, ObjectRef } from '../../src/core/finding.js';
import type { ObjectResult } from '../../src/engine/types.js';
import type { FileReport } from '../../src/report/tally.js';

export const FILE = 'deploy/web.yaml';

export function objectRef(ref: Partial<ObjectRef> = {}): ObjectRef {
  return {
    file: FILE,
    document: 0,
    root: [],
    line: 1,
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    namespace: 'shop',
    name: 'web',
    ...ref,
  };
}

export function object(result: Partial<ObjectResult> = {}): ObjectResult {
  return { ref: objectRef(), isWorkload: true, isImmutable: false, isChanged: false, ...result };
}

export function finding(decided: Partial<DecidedFinding> = {}): DecidedFinding {
  return {
    path: ['spec', 'template', 'spec', 'containers', 0],
    subject: 'container web',
    message: 'keeps all default capabilities',
    risk: 'medium',
    changes: [
      {
        op: 'set',
        path: ['spec', 'template', 'spec', 'containers', 0, 'securityContext', 'capabilities', 'drop'],
        value: ['ALL'],
      },
    ],
    transform: 'drop-capabilities',
    alsoBy: [],
    object: objectRef(),
    line: 12,
    key: 'drop-capabilities',
    status: 'ready',
    lostComments: [],
    ...decided,
  };
}

export function report(parts: Partial<FileReport> = {}): FileReport {
  return { file: FILE, status: 'unchanged', findings: [], objects: [], suppressions: [], ...parts };
}

export function refused(code: RefusalCode, message: string, file = FILE): FileReport {
  return report({
    file,
    status: 'refused',
    error: new ManifestError(code, message, { line: 12, column: 7 }) as NonNullable<FileReport['error']>,
  });
}
