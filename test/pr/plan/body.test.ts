import { describe, expect, it } from 'vitest';
import type { ReachedLevel } from '../../../src/kube/pod-security/types.js';
import { type BodyOptions, formatBody, LEAST_BODY } from '../../../src/pr/plan/body.js';
import { parseState } from '../../../src/pr/plan/state.js';
import type { Group, WorkloadOutlook } from '../../../src/pr/types.js';
import { fc } from '../../fc.js';
import { ACTS_IN_MERGES, GITLAB_CLOSES, hostileText, render } from './hostile.js';
import { deployment, group, readTree, type Tree } from './repository.js';

const HEAD = 'c'.repeat(40);

function body(made: Group, more: Partial<BodyOptions> = {}): string {
  const branch = `kubemend/${made.name}`;
  const command = 'kubemend pr --dry-run';
  return formatBody({ group: made, head: HEAD, groupBy: 'risk', branch, base: 'main', command, maxBody: 65_536, ...more });
}

function all(tree: Tree): Group {
  const [made] = group(tree, { groupBy: 'none', maxRisk: 'medium' }).groups;
  if (!made) throw new Error('nothing to do');
  return made;
}

const bytes = (text: string) => Buffer.byteLength(text);
/** With what could be numbers or names of ours taken out. */
const summaries = (text: string) => [...text.matchAll(/<summary>(.*?)<\/summary>/g)].map(([, summary]) => summary);

describe('a body', () => {
  const made = all(readTree('examples/gitops'));
  const text = body(made);

  it('begins with what it remembers, which reads back', () => {
    expect(parseState(text)).toEqual({ version: 1, group: 'all', fingerprint: made.fingerprint, head: HEAD, groupBy: 'risk' });
    expect(parseState(body(made, { pending: true }))?.pending).toBe(true);
  });

  it('says first what changes and what it is worth, then shows it, then what is left, then how to say no', () => {
    const marks = [
      'changes for 9 workloads',
      '| Pod Security Standards |',
      'will roll',
      '| Object |',
      'The diff',
      'What is left',
      '### Saying no',
    ];
    const places = marks.map((mark) => text.indexOf(mark));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places[0]).toBeGreaterThan(0);
    expect(places[3]).toBeLessThan(1200);
  });

  it('says so where no workload reaches another level, and nothing where one does or all are at the highest', () => {
    const outlook = (now: ReachedLevel, after: ReachedLevel) => ({ ...made, workloads: [{ ...workload, now, after }] });
    const [workload] = made.workloads as [WorkloadOutlook];
    const SAME = 'No workload reaches another level by this alone';
    expect(body(outlook('baseline', 'baseline'))).toContain(SAME);
    expect(body(outlook('privileged', 'baseline'))).not.toContain(SAME);
    expect(body(outlook('restricted', 'restricted'))).not.toContain(SAME);
  });

  it('says what its risk stands for', () => {
    expect(body({ ...made, risk: 'low' })).toContain('all of low risk: nothing that changes what a working container does');
    expect(body({ ...made, risk: 'high' })).toContain('up to high risk: breaks images that were not built for it');
  });

  it('says where the command prints the same, and what it prints besides', () => {
    const besides = 'and what the same transforms change at a lower risk';
    expect(text).toContain('In a checkout of `main` this prints the diff, and');
    expect(text).toContain(besides);
    expect(body({ ...made, risk: 'low' })).not.toContain(besides);
    expect(body(made, { groupBy: 'owner' })).not.toContain(besides);
  });

  it('has a row for each change, and one for each finding that is left', () => {
    const rows = text.split('\n').filter((line) => /^\| `/.test(line));
    expect(rows).toHaveLength(made.findings.length + made.leaves.length);
  });

  it('has the exact line that says no, for each of its transforms', () => {
    for (const { transform } of made.commits) expect(text).toContain(`# kubemend-ignore ${transform}: why`);
    expect(text).toMatch(/kubemend suppress [\w./-]+:\d+ [\w-]+ --reason "why" --write/);
  });

  it('names what cannot be changed in place', () => {
    const pod = all({
      'pod.yaml': 'apiVersion: v1\nkind: Pod\nmetadata: {name: one}\nspec:\n  containers: [{name: a, image: a}]\n',
    });
    expect(body(pod)).toContain(
      '1 workload cannot be changed in place and must be deleted and made again: `Pod one` (`pod.yaml:1`).',
    );
    expect(body(pod)).not.toContain('will roll');
  });

  it('shows no value of env, of a Secret or of a ConfigMap, and says that there are some', () => {
    const secret = 'kind: Secret\napiVersion: v1\nmetadata: {name: s}\nstringData:\n  a: hunter2\n---\n';
    const env = 'env: [{name: A, value: hunter2}] # hunter2';
    const manifest = secret + deployment('web', `name: web\n          image: nginx:1.27\n          ${env}`);
    const text = body(all({ 'web.yaml': manifest }));
    expect(text).toContain('[value left out]');
    expect(text).toContain('Values of `env`, Secrets and ConfigMaps');
    expect(text).not.toContain('hunter2');
  });

  it('is the same twice', () => {
    expect(body(all(readTree('examples/gitops')))).toBe(text);
  });
});

describe('a body without enough room', () => {
  /** Many files, some of them large, names and texts in other scripts. */
  const files = Object.fromEntries(
    Array.from({ length: 40 }, (_, at) => [
      `apps/приложение-${at}/web.yaml`,
      deployment(
        `web-${at}`,
        ...Array.from({ length: at % 7 === 0 ? 12 : 1 }, (_, of) => `{name: c${of}, image: "example.com/ж/${of}"}`),
      ),
    ]),
  );
  const made = all(files);
  const whole = body(made, { maxBody: 10_000_000 });

  it('loses whole files of the diff first, and says which and how to see them', () => {
    const text = body(made, { maxBody: bytes(whole) - 10_000 });
    expect(text).toMatch(/\d+ files had no room here: `apps\/приложение-/);
    expect(text).toContain('git fetch origin && git diff origin/main...origin/kubemend/all');
    const shown = text.match(/^--- /gm) ?? [];
    expect(shown.length).toBeGreaterThan(10);
    expect(shown.length).toBeLessThan(40);
    expect(text.split('\n').filter((line) => line.startsWith('| `'))).toHaveLength(made.findings.length + made.leaves.length);
  });

  it('then rows of what is left, then of what changes, with their number', () => {
    const text = body(made, { maxBody: LEAST_BODY });
    expect(text).not.toContain('\n--- ');
    expect(text).toMatch(/more changes?, for which there is no room here/);
    expect(text).toMatch(/\d+ findings, for which there is no room here/);
  });

  it('keeps what it remembers and how to say no, and fits, whatever the room', () => {
    fc.assert(
      fc.property(fc.integer({ min: LEAST_BODY, max: bytes(whole) + 1000 }), (maxBody) => {
        const text = body(made, { maxBody });
        expect(bytes(text)).toBeLessThanOrEqual(maxBody);
        expect(parseState(text)?.head).toBe(HEAD);
        expect(text).toContain('### Saying no');
        expect((text.match(/^<details>$/gm) ?? []).length).toBe((text.match(/^<\/details>$/gm) ?? []).length);
      }),
      { numRuns: 15 },
    );
  });

  it('uses most of it', () => {
    for (const maxBody of [30_000, 65_536, 100_000]) {
      if (maxBody < bytes(whole)) expect(bytes(body(made, { maxBody }))).toBeGreaterThan(maxBody * 0.9);
    }
  });
});

/** No half of a character: a file is UTF-8. */
const wellFormed = (text: string) => Buffer.from(text).toString();

describe('a body of hostile manifests', () => {
  const quoted = hostileText.map((text) => JSON.stringify(wellFormed(text)));
  const manifest = fc.tuple(quoted, quoted, quoted, hostileText).map(
    ([name, namespace, image, comment]) => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  template:
    spec:
      containers:
        - name: ${name}
          image: ${image}
          securityContext:
            privileged: true # ${comment.replace(/[^\x20-\x7e]/g, ' ')}
            allowPrivilegeEscalation: true # ${comment.replace(/[^\x20-\x7e]/g, ' ')}
`,
  );
  const path = hostileText.map((text) => `${wellFormed(text).replaceAll('/', '_').replaceAll('\0', '')}.yaml`);
  const SECTIONS = new Set(['<details>', '</details>']);

  it('has no link but ours, no tag but ours, no picture, nobody mentioned, nothing referred to, and fits', () => {
    fc.assert(
      fc.property(path, manifest, (file, text) => {
        for (const made of group({ [file]: text }).groups) {
          const page = body(made, { branch: 'kubemend/x', maxBody: 65_536 });
          const [state = '', ...rest] = page.split('\n');
          const { types, html, text: outside } = render(rest.join('\n').replace(/\[kubemend\]\(https:[^)]*\)/, 'kubemend'));
          expect(
            [...types].filter((type) =>
              /^(?:link|image|s_|em_|strong_(?!open|close)|heading_(?!open|close)|footnote)/.test(type),
            ),
          ).toEqual([]);
          const tags = html.filter((tag) => tag !== '').map((tag) => tag.replace(/\n<summary>[\w ,()]*<\/summary>$/, ''));
          expect(tags.filter((tag) => !SECTIONS.has(tag))).toEqual([]);
          expect(outside).not.toMatch(/(?:^|[^A-Za-z0-9])@\w|[#!&~$^]\w|:\/\/|\bwww\.|\bGH-\d|\b[0-9a-f]{7,64}\b/);
          expect(page).not.toMatch(GITLAB_CLOSES);
          expect(page).not.toMatch(ACTS_IN_MERGES);
          expect(page).not.toMatch(/^\//m);
          expect(page).not.toMatch(/\p{Cf}|\p{Cs}|[^\P{Cc}\n\t]/u);
          expect(summaries(page).length).toBeLessThanOrEqual(2);
          expect(state).toMatch(/^<!-- kubemend:state \{[^<>]*\} -->$/);
          expect(parseState(page)?.fingerprint).toBe(made.fingerprint);
          for (const { message, title } of made.commits) {
            expect(title.length).toBeLessThanOrEqual(72);
            const lines = message.split('\n');
            expect(lines.slice(1, -3).filter((line) => line !== '' && !/^(?:- | {2})/.test(line))).toEqual([]);
            expect(message).not.toMatch(/(?:^|[^A-Za-z0-9])@\w|[#!]\d|:\/\/|\[skip|\bGH-\d/m);
            expect(message).not.toMatch(GITLAB_CLOSES);
            expect(lines.slice(-3)).toEqual([`Kubemend-Group: ${made.name}`, `Kubemend-Fingerprint: ${made.fingerprint}`, '']);
          }
        }
      }),
      { numRuns: 40 },
    );
  });
});
