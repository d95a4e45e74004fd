import { describe, expect, it } from 'vitest';
import { RISKS, type Risk } from '../../src/core/finding.js';
import { deployment, fixWith, setOnContainers, setOnPod } from './run.js';

// A run for another risk asks those only that mend a check.
const transforms = [
  setOnPod('first', 'securityContext.seccompProfile', { type: 'RuntimeDefault' }),
  setOnPod('second', 'hostPID', false, { risk: 'medium' }),
  setOnContainers(
    'third',
    'securityContext',
    { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
    { risk: 'medium' },
  ),
  setOnPod('fourth', 'securityContext.runAsNonRoot', true, { risk: 'high' }),
].map((transform) => ({ ...transform, checks: ['privileged'] as const }));

function outlook(
  maxRisk: Risk,
  forecast: readonly Risk[] = RISKS,
  spec = 'hostPID: true\ncontainers:\n  - name: web\n    image: web\n',
) {
  return fixWith(transforms, deployment(spec), { maxRisk, forecast }).objects[0]?.podSecurity;
}

describe('the outlook of a workload', () => {
  const at = { low: 'privileged', medium: 'baseline', high: 'restricted' };

  it.each(RISKS.map((risk) => [risk] as const))('is the same at each risk, whatever the run takes: %s', (risk) => {
    expect(outlook(risk)).toEqual({ now: 'privileged', after: at[risk], at });
  });

  it('has the risks that were asked for', () => {
    expect(outlook('medium', ['high'])).toEqual({ now: 'privileged', after: 'baseline', at: { high: 'restricted' } });
    expect(outlook('medium', [])).toEqual({ now: 'privileged', after: 'baseline', at: {} });
  });

  it('is not spoken of for what has no pod to judge', () => {
    expect(outlook('medium', RISKS, '[]')).toBeUndefined();
  });

  it('heeds what shared text allows', () => {
    const shared = 'containers:\n  - &c {name: web, image: web}\n  - *c\n';
    const only = setOnContainers(
      'third',
      'securityContext',
      { privileged: true },
      { risk: 'high', only: ({ path }) => path.at(-1) === 0 },
    );
    const result = fixWith([{ ...only, checks: ['privileged'] }], deployment(shared), { maxRisk: 'medium', forecast: ['high'] });
    expect(result.findings.map(({ status }) => status)).toEqual(['held']);
    expect(result.objects[0]?.podSecurity).toEqual({ now: 'baseline', after: 'baseline', at: { high: 'baseline' } });
  });
});
