import { join } from 'node:path';
import { RISKS, type Risk } from '../../src/core/finding.js';
import { profiles } from '../../src/session.js';
import type { CorpusFile } from '../corpus/files.js';
import { compare, type Summary } from './ask.js';
import { withFolder, writeTree } from './folders.js';
import { mend, textsOf } from './mend.js';
import { type Outcome, table } from './print.js';

/** What Kubernetes says of the files before and after one run. */
export interface Pair {
  readonly profile: string;
  readonly maxRisk: Risk;
  readonly summary: Summary;
}

/** Every profile at every risk over real manifests: nothing may be worse than it was. */
export function checkPairs(oracle: string, files: readonly CorpusFile[]): Outcome & { readonly pairs: readonly Pair[] } {
  const pairs: Pair[] = [];
  const faults: string[] = [];
  const rows: string[][] = [];
  withFolder((folder) => {
    const before = join(folder, 'before');
    writeTree(before, files);
    for (const { name: profile } of profiles) {
      for (const maxRisk of RISKS) {
        const start = performance.now();
        const results = mend(files, { profile, maxRisk });
        const mended = performance.now();
        const after = join(folder, `${profile}-${maxRisk}`);
        writeTree(after, textsOf(results));
        const { summary, worse } = compare(oracle, before, after);
        pairs.push({ profile, maxRisk, summary });
        for (const { file, text } of worse.slice(0, 5)) faults.push(`${profile} ${maxRisk}: ${file}: ${text}`);
        if (worse.length > 5) faults.push(`${profile} ${maxRisk}: and ${worse.length - 5} more`);
        for (const { file, bug } of results.values()) if (bug) faults.push(`${profile} ${maxRisk}: ${file}: ${bug.text}`);
        const seconds = [mended - start, performance.now() - start].map((time) => `${(time / 1000).toFixed(1)} s`);
        rows.push([profile, maxRisk, String(summary.objects), String(summary.worse), ...figures(summary), ...seconds]);
      }
    }
  });
  const head = ['profile', 'risk', 'objects', 'worse', 'restricted', 'baseline', 'pods valid', 'mended in', 'with oracle'];
  return { lines: table(head, rows), faults, pairs };
}

/** Restricted, baseline and valid pods, each before and after. */
export function figures(summary: Summary): string[] {
  const { psaRestrictedBefore, psaRestrictedAfter, psaBaselineBefore, psaBaselineAfter } = summary;
  return [
    `${psaRestrictedBefore} → ${psaRestrictedAfter}`,
    `${psaBaselineBefore} → ${psaBaselineAfter}`,
    `${summary.podsValidBefore} → ${summary.podsValidAfter}`,
  ];
}
