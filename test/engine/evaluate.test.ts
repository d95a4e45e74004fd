import { describe, expect, it } from 'vitest';
import type { Change } from '../../src/core/change.js';
import { finding } from '../../src/kube/finding.js';
import type { ContainerView } from '../../src/kube/types.js';
import { disallowPrivilegeEscalation } from '../../transforms/disallow-privilege-escalation.js';
import { disallowPrivileged } from '../../transforms/disallow-privileged.js';
import { deployment, fake, fates, fixWith, setOnContainers, setOnPod } from './run.js';

const web = deployment(`containers:
  - name: web
    image: web
`);

/** A transform that offers changes on each container in one finding. */
function offer(id: string, changes: (container: ContainerView) => readonly Change[], risk: 'low' | 'high' = 'low') {
  return fake(id, function* ({ containers }) {
    for (const container of containers) yield finding(container, 'is not right', { changes: changes(container), risk });
  });
}

describe('a finding is atomic', () => {
  it('where one of its changes cannot be made, none is', () => {
    const both = offer('both', (container) => [
      container.set('securityContext.readOnlyRootFilesystem', true),
      container.append('image', 'not a list'),
    ]);
    const result = fixWith([both], web);
    expect(result).toMatchObject({ status: 'unchanged', text: web });
    expect(fates(result)).toEqual(['manual both container web WRONG_TYPE']);
    expect(result.findings[0]?.reason?.text).toContain('spec.template.spec.containers[0].image');
  });

  it('where one of its changes is suppressed, none is made', () => {
    const text = web.replace('    image', '    # kubemend-ignore both: stays\n          image');
    const both = offer('both', (container) => [container.set('image', 'other'), container.set('stdin', true)]);
    expect(fates(fixWith([both], text))).toEqual(['suppressed both container web SUPPRESSED']);
  });

  it('one without changes, or with a reason against them, is left to a person', () => {
    const advice = offer('advice', () => []);
    const doubt = fake('doubt', function* ({ pod }) {
      yield finding(pod, 'is odd', { changes: [pod.set('hostPID', false)], risk: 'low', unless: 'nobody knows' });
    });
    const result = fixWith([advice, doubt], web);
    expect(result.status).toBe('unchanged');
    expect(result.findings.map(({ status, reason }) => [status, reason])).toEqual([
      ['manual', { code: 'ADVICE', text: 'no repair is certain; a person has to decide' }],
      ['manual', { code: 'ADVICE', text: 'nobody knows' }],
    ]);
  });
});

describe('what a later transform sees', () => {
  const privileged = deployment(`containers:
  - name: web
    image: web
    securityContext:
      privileged: true
`);

  it('never a change that is held: no allowPrivilegeEscalation: false beside privileged: true', () => {
    const result = fixWith([disallowPrivilegeEscalation, disallowPrivileged], privileged);
    expect(result).toMatchObject({ status: 'unchanged', text: privileged });
    expect(fates(result)).toEqual([
      'held disallow-privileged container web RISK',
      'manual disallow-privilege-escalation container web NEEDED',
    ]);
  });

  it('nor one that is suppressed', () => {
    const text = privileged.replace('- name', '# kubemend-ignore disallow-privileged: reads disks\n        - name');
    expect(fates(fixWith([disallowPrivilegeEscalation, disallowPrivileged], text, { maxRisk: 'high' }))).toEqual([
      'suppressed disallow-privileged container web SUPPRESSED',
      'manual disallow-privilege-escalation container web NEEDED',
    ]);
  });

  it('every one that is admitted, at once: after: [...] decides, and not the order of the list', () => {
    const result = fixWith([disallowPrivilegeEscalation, disallowPrivileged], privileged, { maxRisk: 'high' });
    expect(fates(result)).toEqual([
      'ready disallow-privileged container web',
      'ready disallow-privilege-escalation container web',
    ]);
    expect(result.text).toBe(
      privileged.replace('privileged: true', 'privileged: false\n            allowPrivilegeEscalation: false'),
    );
  });

  it('even within one transform', () => {
    const once = fake('once', function* ({ pod, containers }) {
      for (const container of containers) {
        if (pod.get('hostIPC').state === 'absent')
          yield finding(container, 'first', { changes: [pod.set('hostIPC', false)], risk: 'low' });
      }
    });
    const result = fixWith([once], deployment('containers:\n  - {name: a, image: a}\n  - {name: b, image: b}\n'));
    expect(fates(result)).toEqual(['ready once container a']);
  });

  it('one that comes after itself is a mistake that is named', () => {
    const a = setOnPod('a', 'hostIPC', false, { after: ['b'] });
    const b = setOnPod('b', 'hostPID', false, { after: ['a'] });
    expect(() => fixWith([a, b], web)).toThrow(/is declared to come after itself/);
  });
});

describe('two transforms and one place', () => {
  it('different values are an error of the engine: the file stays, and says which two', () => {
    const yes = setOnContainers('say-yes', 'tty', true);
    const no = setOnContainers('say-no', 'tty', false);
    const result = fixWith([yes, no], web);
    expect(result).toMatchObject({ status: 'failed', text: web, splices: [], findings: [], bug: { code: 'CONFLICT' } });
    expect(result.bug?.text).toBe(
      'say-yes and say-no want different things at spec.template.spec.containers[0].tty of Deployment',
    );
  });

  it('so is a value above or beneath another', () => {
    const whole = setOnContainers('whole', 'securityContext', { privileged: false });
    const part = setOnContainers('part', 'securityContext.runAsUser', 1000);
    expect(fixWith([whole, part], web).bug?.code).toBe('CONFLICT');
    expect(fixWith([part, whole], web).bug?.code).toBe('CONFLICT');
  });

  it('a held finding contradicts nobody', () => {
    const yes = setOnContainers('say-yes', 'tty', true, { risk: 'high' });
    const no = setOnContainers('say-no', 'tty', false);
    expect(fates(fixWith([yes, no], web))).toEqual(['held say-yes container web RISK', 'ready say-no container web']);
  });

  it('the same change is one change, with both ids', () => {
    const set = (container: ContainerView) => [container.set('tty', false)];
    const result = fixWith([offer('first', set), offer('second', set)], web);
    expect(result.text).toBe(`${web}          tty: false\n`);
    expect(result.findings.map(({ transform, alsoBy, status }) => [transform, alsoBy, status])).toEqual([
      ['first', [], 'ready'],
      ['second', ['first'], 'ready'],
    ]);
  });

  it('two that append to one list go together', () => {
    const result = fixWith(
      [offer('a', (container) => [container.append('args', 'a')]), offer('b', (container) => [container.append('args', 'b')])],
      web,
    );
    expect(result.text).toBe(`${web}          args: [a, b]\n`);
  });
});

describe('a comment beside a value that would be changed', () => {
  it('is quoted with the evidence', () => {
    const container = '  - name: web\n    image: web\n    securityContext:\n      privileged: true # reads the disks\n';
    const result = fixWith([disallowPrivileged], deployment(`containers:\n${container}`));
    expect(result.findings).toMatchObject([{ evidence: expect.stringContaining('"# reads the disks"') }]);
  });

  it('is not one that stands beside something else', () => {
    const text = deployment('containers: [] # none yet\n');
    const result = fixWith([setOnPod('no-token', 'automountServiceAccountToken', false)], text);
    expect(JSON.stringify(result.findings)).not.toContain('none yet');
  });
});

describe('a value that cannot be read is never written to', () => {
  it.each([
    ['the value', `readOnlyRootFilesystem: \${READ_ONLY}`, `\${READ_ONLY}`],
    ['a template', 'readOnlyRootFilesystem: "{{ .readOnly }}"', '{{ .readOnly }}'],
    ['a map with a variable for a key', `\${EXTRA}: 1`, 'a template'],
  ])('%s', (_, line, shown) => {
    const text = `${web}          securityContext:\n            ${line}\n`;
    const result = fixWith([setOnContainers('lock', 'securityContext.readOnlyRootFilesystem', true)], text, { maxRisk: 'high' });
    expect(fates(result)).toEqual(['manual lock container web OPAQUE']);
    expect(result.findings[0]?.reason?.text).toContain(`is filled in by another tool (${shown})`);
    expect(result.text).toBe(text);
  });

  it.each([
    ['a kpt setter', `runAsUser: 0 # kpt-set: \${user}`],
    ['a Flux image policy', 'runAsUser: 0 # {"$imagepolicy": "shop:web:tag"}'],
    ['an older kpt setter', 'runAsUser: 0 # {"$openapi":"user"}'],
  ])('nor one that %s writes', (_, line) => {
    const text = `${web}          securityContext:\n            ${line}\n`;
    const result = fixWith([setOnContainers('user', 'securityContext.runAsUser', 1000)], text);
    expect(fates(result)).toEqual(['manual user container web OPAQUE']);
    expect(result.findings[0]?.reason?.text).toContain('is set by another tool');
    expect(result.text).toBe(text);
  });

  it('a setter elsewhere is in nobody’s way', () => {
    const text = web.replace('image: web', 'image: web # {"$imagepolicy": "shop:web"}');
    const result = fixWith([setOnContainers('user', 'securityContext.runAsUser', 1000)], text);
    expect(result.text).toBe(`${text}          securityContext:\n            runAsUser: 1000\n`);
  });
});

describe('a value of another sort than Kubernetes has there', () => {
  it.each([
    ['a string for a map', 'securityContext: none'],
    ['a list for a map', 'securityContext: [runAsUser]'],
    ['a key of another case', 'SecurityContext: {}'],
  ])('is left: %s', (_, line) => {
    const text = `${web}          ${line}\n`;
    const result = fixWith([setOnContainers('user', 'securityContext.runAsUser', 1000)], text);
    expect(fates(result)).toEqual(['manual user container web WRONG_TYPE']);
    expect(result.text).toBe(text);
  });
});

describe('the line of a finding', () => {
  const text = deployment(`securityContext: {runAsUser: 0}
containers:
  - name: web
    image: web
    securityContext:
      privileged: true
  - {name: proxy, image: proxy}
`);
  const linesOf = (result: ReturnType<typeof fixWith>) => result.findings.map(({ line }) => line);

  it('is that of a written value that is replaced', () => {
    const only = ({ name }: ContainerView) => name === 'web';
    expect(linesOf(fixWith([setOnContainers('a', 'securityContext.privileged', false, { only })], text))).toEqual([18]);
    expect(linesOf(fixWith([setOnPod('b', 'securityContext.runAsUser', 1000)], text))).toEqual([13]);
  });

  it('is that of the container or the pod where something is missing', () => {
    expect(linesOf(fixWith([setOnContainers('a', 'securityContext.readOnlyRootFilesystem', true)], text))).toEqual([15, 19]);
    expect(linesOf(fixWith([setOnPod('b', 'hostPID', false)], text))).toEqual([12]);
  });

  it('counts from the top of the file', () => {
    const result = fixWith([setOnPod('b', 'hostPID', false)], `# one\n---\nkind: Service\n---\n${text}`);
    expect(result.findings).toMatchObject([{ line: 16, object: { line: 5, document: 1 } }]);
  });
});
