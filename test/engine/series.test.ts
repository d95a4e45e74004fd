import { describe, expect, it } from 'vitest';
import { finding } from '../../src/kube/finding.js';
import { deployment, fake, fixWith, setOnContainers, setOnPod } from './run.js';

const web = deployment(`containers:
  - name: web
    image: web
`);
const lock = setOnContainers('lock', 'securityContext.readOnlyRootFilesystem', true);

describe('a series', () => {
  const transforms = [
    setOnPod('ipc', 'hostIPC', false),
    lock,
    setOnContainers('user', 'securityContext.runAsUser', 1000, { risk: 'medium' }),
    setOnContainers('idle', 'image', 'web'),
    setOnContainers('held', 'securityContext.privileged', false, { risk: 'high' }),
  ];

  it('gives each text against the one before, and the last is the whole', () => {
    const result = fixWith(transforms, web, { series: true });
    expect(result.series).toEqual([
      { transform: 'ipc', risk: 'low', changes: 1, text: `${web}      hostIPC: false\n` },
      {
        transform: 'lock',
        risk: 'low',
        changes: 1,
        text: `${web}          securityContext:\n            readOnlyRootFilesystem: true\n      hostIPC: false\n`,
      },
      {
        transform: 'user',
        risk: 'medium',
        changes: 1,
        text: `${web}          securityContext:\n            runAsUser: 1000\n            readOnlyRootFilesystem: true\n      hostIPC: false\n`,
      },
    ]);
    expect(result.series.at(-1)?.text).toBe(result.text);
    expect(result.text).toBe(fixWith(transforms, web).text);
  });

  it('is empty where nothing changes, and where nobody asked', () => {
    expect(fixWith([setOnContainers('idle', 'image', 'web')], web, { series: true }).series).toEqual([]);
    expect(fixWith(transforms, web).series).toEqual([]);
  });

  it('goes over all documents of the file', () => {
    const { series } = fixWith([lock], `${web}---\n${web}`, { series: true });
    expect(series).toMatchObject([{ transform: 'lock', changes: 2 }]);
  });

  it('holds a change that two transforms ask for once, with the first', () => {
    const again = setOnContainers('again', 'stdin', true);
    const both = fake('both', function* ({ containers }) {
      for (const container of containers)
        yield finding(container, 'is not right', {
          changes: [container.set('stdin', true), container.set('tty', false)],
          risk: 'low',
        });
    });
    const { series, text } = fixWith([again, both], web, { series: true });
    expect(series.map(({ transform }) => transform)).toEqual(['again', 'both']);
    expect(series[0]?.text).toBe(`${web}          stdin: true\n`);
    expect(text).toBe(`${web}          stdin: true\n          tty: false\n`);
  });
});
