import { describe, expect, test } from 'vitest';
import { PLAIN } from '../../src/report/colors.js';
import { createColors } from '../../src/report/paint.js';
import { formatSummary, type SummaryOptions } from '../../src/report/summary.js';
import { createTally, type FileReport, type LeftEntry } from '../../src/report/tally.js';
import { formatFile, formatLeft, formatTrouble } from '../../src/report/text.js';
import { countWork } from '../work.js';
import { FILE, finding, object, objectRef, refused, report } from './reports.js';

const options = { colors: PLAIN, idWidth: 17, isVerbose: false };
const verbose = { ...options, isVerbose: true };

describe('formatFile', () => {
  test('lists the findings of an object under its name, in columns', () => {
    const file = report({
      status: 'changed',
      objects: [object({ isChanged: true })],
      findings: [
        finding({ transform: 'set-resources', risk: 'low', message: 'no requests', evidence: 'same as in deploy/canary.yaml' }),
        finding({ alsoBy: ['set-other'] }),
        finding({ status: 'held', risk: 'high', evidence: 'writes /run', reason: { code: 'RISK', text: 'above medium' } }),
        finding({ status: 'suppressed', reason: { code: 'SUPPRESSED', text: 'suppressed on line 41: "needs CHOWN"' } }),
        finding({ status: 'manual', changes: [], reason: { code: 'OPAQUE', text: 'a variable stands there' } }),
      ],
    });
    expect(formatFile(file, options)).toBe(
      `deploy/web.yaml:1 · Deployment shop/web
  low     set-resources      container web: no requests; same as in deploy/canary.yaml
  medium  drop-capabilities  container web: keeps all default capabilities; also set-other
  for you drop-capabilities  line 12: container web: keeps all default capabilities; a variable stands there
  held    drop-capabilities  container web: keeps all default capabilities; high: writes /run
  held    drop-capabilities  container web: keeps all default capabilities; suppressed on line 41: "needs CHOWN"
`,
    );
  });

  test('breaks lines at the edge of a terminal, under where they began', () => {
    const file = report({
      objects: [object()],
      findings: [finding({ evidence: 'nothing is known of it', lostComments: ['# x'] })],
    });
    const rows = (width: number) =>
      formatFile(file, { ...options, width })
        .split('\n')
        .slice(1, -1);
    expect(rows(92)).toEqual([
      '  medium  drop-capabilities  container web: keeps all default capabilities; nothing is known',
      '                             of it',
      '                             takes the comment "# x" away',
    ]);
    expect(rows(50)).toEqual([
      '  medium  drop-capabilities',
      '          container web: keeps all default',
      '          capabilities; nothing is known of it',
      '          takes the comment "# x" away',
    ]);
    expect(Math.max(...rows(24).map((row) => row.length))).toBeLessThan(40);
  });

  test('keeps objects of one file apart, those of a list as well', () => {
    const item = (index: number, name: string) => objectRef({ root: ['items', index], line: 4 + index, name, kind: 'Pod' });
    const { namespace: _, ...nowhere } = objectRef({ document: 1, line: 40 });
    const { name: __, ...nameless } = nowhere;
    const file = report({
      objects: [object({ ref: item(0, 'a') }), object({ ref: item(1, 'b') }), object({ ref: nameless })],
      findings: [finding({ object: item(1, 'b') }), finding({ object: nameless })],
    });
    expect(formatFile(file, options).match(/^\S.*$/gm)).toEqual([
      'deploy/web.yaml:5 · Pod shop/b',
      'deploy/web.yaml:40 · Deployment (without a name)',
    ]);
  });

  test('says what cannot be changed in place, and which comments go', () => {
    const file = report({
      objects: [object({ isChanged: true, isImmutable: true })],
      findings: [finding({ lostComments: ['# needed by the probe'] })],
    });
    const [head, , comment] = formatFile(file, options).split('\n');
    expect(head).toBe('deploy/web.yaml:1 · Deployment shop/web · cannot be changed in place: delete it and create it again');
    expect(comment?.trim()).toBe('takes the comment "# needed by the probe" away');
  });

  test('says where and why a file is refused, in one line', () => {
    expect(formatFile(refused('DUPLICATE_KEY', 'duplicate key "labels" (first on line 9).'), options)).toBe(
      'deploy/web.yaml:12:7  refused: duplicate key "labels" (first on line 9). The file stays as it is.\n',
    );
  });

  test('calls a bug a bug, and where to report it', () => {
    const text = formatFile(report({ status: 'failed', bug: { code: 'UNPROVEN', text: 'values differ\nat spec' } }), options);
    expect(text).toContain(
      'could not prove its own edit of deploy/web.yaml and left it alone. This is a bug: please report it at https://',
    );
    expect(text).toContain('\n  values differ\n  at spec\n');
  });

  test('names suppressions that do nothing', () => {
    const file = report({ suppressions: [{ file: FILE, line: 7, kind: 'stale', text: 'drop-capabilities says no to nothing' }] });
    expect(formatFile(file, options)).toBe('deploy/web.yaml:7  stale suppression: drop-capabilities says no to nothing\n');
  });

  test('lists what was left or found right only when asked', () => {
    const left = report({ status: 'left', left: { code: 'SOPS', text: 'encrypted by SOPS' } });
    const system = report({ objects: [object({ left: 'system namespace' })] });
    for (const file of [left, system, report()]) expect(formatFile(file, options)).toBe('');
    expect(formatFile(left, verbose)).toBe('deploy/web.yaml  left alone: encrypted by SOPS\n');
    expect(formatFile(system, verbose)).toBe('deploy/web.yaml:1 · Deployment shop/web  left alone: system namespace\n');
    expect(formatFile(report(), verbose)).toBe('deploy/web.yaml  nothing to do\n');
  });

  test('calls a crash a crash', () => {
    const text = formatFile(report({ status: 'failed', bug: { code: 'CRASH', text: 'oops' } }), options);
    expect(text).toMatch(/^kubemend failed on deploy\/web\.yaml and left it alone\. This is a bug: /);
  });

  test('lets nothing of a manifest or a name steer the terminal', () => {
    const evil = 'a\u001b]0;b\u0007\r\n::error::c\u009b2J\u202e';
    const shown = 'a\\x1b]0;b\\x07\\r\\n::error::c\\u009b2J\\u202e';
    const ref = objectRef({ name: evil });
    const all = [
      report({
        file: evil,
        objects: [object({ ref })],
        findings: [finding({ object: ref, subject: evil, lostComments: [evil] })],
      }),
      report({ file: evil, objects: [object({ ref, left: evil })] }),
      report({ file: evil, suppressions: [{ file: evil, line: 1, kind: 'stale', text: evil }] }),
      report({ file: evil, left: { code: 'SOPS', text: evil } }),
      report({ file: evil, bug: { code: 'CRASH', text: evil } }),
      refused('SYNTAX', evil, evil),
    ].map((file) => formatFile(file, verbose));
    all.push(formatTrouble({ path: evil, text: evil }, options));
    for (const text of all) {
      expect(text).toContain(shown.replace('\\r\\n', text.includes('This is a bug') ? '\\r\n  ' : '\\r\\n'));
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is meant
      expect(text.match(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]|^::/gm)).toBeNull();
    }
  });

  test('is linear in the number of objects', () => {
    const steps = (count: number) => {
      const refs = Array.from({ length: count }, (_, index) => objectRef({ document: index, line: index + 1 }));
      const file = report({ objects: refs.map((ref) => object({ ref })), findings: refs.map((ref) => finding({ object: ref })) });
      return countWork(() => void formatFile(file, options));
    };
    steps(100);
    expect(steps(1600) / steps(100)).toBeLessThan(18);
  });

  test('says nothing by colour alone', () => {
    const file = report({ objects: [object()], findings: [finding({ risk: 'high' }), finding({ status: 'held' })] });
    const colored = formatFile(file, { ...options, colors: createColors(true) });
    expect(colored).toContain('\u001b[31mhigh    \u001b[39m');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the escapes are what is meant
    expect(colored.replace(/\u001b\[\d+m/g, '')).toBe(formatFile(file, options));
  });
});

test('formatLeft and formatTrouble name the path first', () => {
  expect(formatLeft({ path: 'vendor/', code: 'VENDORED', text: 'vendored' }, options)).toBe('vendor/  left alone: vendored\n');
  expect(formatTrouble({ path: FILE, text: 'changed on disk while kubemend ran; not written. Run again.' }, options)).toBe(
    'deploy/web.yaml: changed on disk while kubemend ran; not written. Run again.\n',
  );
});

describe('formatSummary', () => {
  const shown = { colors: PLAIN, isWritten: false, isVerbose: false, level: 'restricted', maxRisk: 'medium' } as const;
  function summaryOf(files: readonly FileReport[], left: readonly LeftEntry[] = [], unread = 0) {
    const tally = createTally();
    for (const file of files) tally.add(file);
    for (const entry of left) tally.addLeft(entry);
    for (let index = 0; index < unread; index++) tally.addUnread();
    return tally.summary();
  }

  const changed = report({
    status: 'changed',
    objects: [
      object({ isChanged: true }),
      object({ isChanged: true, isImmutable: true }),
      object({ left: 'system namespace kube-system' }),
      object({ left: 'a part: x' }),
      object({ left: 'a part: y' }),
    ],
    findings: [
      finding({ risk: 'low' }),
      finding(),
      finding(),
      finding({ status: 'held', risk: 'high' }),
      finding({ status: 'suppressed' }),
      finding({ status: 'manual' }),
    ],
    suppressions: [{ file: FILE, line: 1, kind: 'expired', text: '' }],
  });

  test('accounts for everything', () => {
    const files = [changed, report(), refused('SYNTAX', 'x'), report({ status: 'failed', bug: { code: 'UNPROVEN', text: '' } })];
    const left: LeftEntry[] = [
      { path: 'a.yaml', code: 'PATCH', text: '' },
      { path: 'b.yaml', code: 'PATCH', text: '' },
      { path: 'c.yaml', code: 'SOPS', text: '' },
      { path: 'vendor/', code: 'VENDORED', text: '' },
    ];
    expect(formatSummary(summaryOf(files, left, 1), shown)).toBe(
      '5 files · 3 changes ready (1 low, 2 medium) · 1 held as high · 1 suppressed · 1 for you · 1 refused · 1 not proved · 1 file failed' +
        ' · 1 suppression to look at · 1 workload will roll · 1 cannot be changed in place\n' +
        'left alone: 2 patches, 1 SOPS; 2 objects: a part; 1 object: system namespace kube-system (--verbose lists them)\n',
    );
  });

  test('says which transforms have findings for a person, where these are many', () => {
    const manual = (transform: string, amount: number) =>
      Array.from({ length: amount }, () => finding({ transform, status: 'manual' }));
    const lineOf = (findings: FileReport['findings'], width?: number) => {
      const tally = createTally();
      tally.add(report({ findings }));
      const text = formatSummary(tally.summary(), { ...shown, forYou: tally.forYou(), ...(width && { width }) });
      return /^for you:.*(\n {2}.*)*$/m.exec(text)?.[0];
    };
    const many = [...manual('b-b', 4), ...manual('a-a', 4), ...manual('pin-image', 12)];
    const explained = '(kubemend explain ID says more, --skip ID leaves it out)';
    expect(lineOf([...many, finding()])).toBe(`for you: 12 pin-image, 4 a-a, 4 b-b ${explained}`);
    expect(lineOf(many, 40)).toBe(
      'for you: 12 pin-image, 4 a-a, 4 b-b\n  (kubemend explain ID says more, --skip\n  ID leaves it out)',
    );
    expect(lineOf(many.slice(1))).toBeUndefined();
    expect(lineOf(manual('pin-image', 30))).toBeUndefined();
  });

  test('breaks what was left alone at words, where the terminal ends', () => {
    expect(formatSummary(summaryOf([changed], []), { ...shown, width: 40 })).toMatch(
      /\nleft alone: 2 objects: a part; 1\n {2}object: system namespace kube-system\n {2}\(--verbose lists them\)\n$/,
    );
  });

  test('says what was written, and what could not be', () => {
    expect(formatSummary(summaryOf([{ ...changed, isWritten: true }]), { ...shown, isWritten: true })).toContain(
      '3 changes written (1 low, 2 medium)',
    );
    const line = formatSummary(summaryOf([{ ...changed, isWritten: false }]), { ...shown, isWritten: true });
    expect(line).toContain('1 file · nothing written · 3 not written · 1 held as high');
    expect(line).toContain('1 file failed');
    expect(line).not.toContain('will roll');
  });

  describe('says how many workloads pass the level', () => {
    const outlooks = [
      { now: 'privileged', after: 'restricted', at: { high: 'restricted' } },
      { now: 'baseline', after: 'baseline', at: { high: 'restricted' } },
      { now: 'restricted', after: 'restricted', at: { high: 'restricted' } },
      { now: 'privileged', after: 'baseline', at: { high: 'baseline' } },
    ] as const;
    const objects = outlooks.map((podSecurity) => object({ podSecurity }));
    const reached = report({ status: 'changed', objects, findings: [finding()] });
    const lineOf = (options: Partial<SummaryOptions>, files = [reached]) =>
      formatSummary(summaryOf(files), { ...shown, ...options }).split('\n')[1];

    test('now, after this, and with what is held', () => {
      expect(lineOf({})).toBe('restricted: 1 of 4 workloads passes now, 2 after this, 3 with --max-risk high');
      expect(lineOf({ level: 'baseline' })).toBe('baseline: 2 of 4 workloads pass now, 4 after this, 4 with --max-risk high');
    });

    test('without what was asked for already', () => {
      expect(lineOf({ maxRisk: 'high', isWritten: true })).toBe('restricted: 1 of 4 workloads passed before, 2 after this');
    });

    test('counts what could not be written as it was', () => {
      expect(lineOf({ isWritten: true }, [{ ...reached, isWritten: false }])).toMatch(/passed before, 1 after this/);
    });
  });

  test('breaks between its parts at the edge of a terminal', () => {
    const [whole, narrow] = [undefined, 45].map((width) =>
      formatSummary(summaryOf([changed]), { ...shown, colors: createColors(true), ...(width && { width }) }),
    );
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the escapes are what is meant
    const rows = narrow?.replace(/\u001b\[\d+m/g, '').split('\n') ?? [];
    expect(rows[0]).toBe('1 file · 3 changes ready (1 low, 2 medium) ·');
    expect(rows[1]).toBe('1 held as high · 1 suppressed · 1 for you ·');
    expect(narrow?.replaceAll(' ·\n', ' · ').replaceAll('\n  ', ' ')).toBe(whole);
  });

  test('is one line when there is nothing to do', () => {
    const files = [report({ objects: [object(), object()] }), report({ objects: [object()] })];
    expect(formatSummary(summaryOf(files), shown)).toBe('2 files, 3 workloads: nothing to do\n');
    expect(formatSummary(summaryOf(files, [{ path: 'a', code: 'CHART', text: '' }]), shown)).toBe(
      '2 files, 3 workloads: nothing to do (left alone: 1 chart file)\n',
    );
    expect(formatSummary(summaryOf([]), shown)).toBe('0 files, 0 workloads: nothing to do\n');
  });
});
