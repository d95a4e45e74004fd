import { describe, expect, it } from 'vitest';
import { createSession } from '../../../src/session.js';

const long = 100_000;

describe('a hostile image', () => {
  it.each([
    ['@', ', command: [kube-apiserver]'],
    ['@', ''],
    [':', ', command: [kube-apiserver]'],
    [':', ''],
    ['/', ''],
  ])('of many %j is read in time%s', (mark, command) => {
    const container = `{name: c, image: "${mark.repeat(long)}\\nx"${command}}`;
    const pod = `kind: Pod\napiVersion: v1\nmetadata: {name: a, namespace: kube-system}\nspec: {containers: [${container}]}\n# kube-apiserver\n`;
    const session = createSession({ profile: 'all', transforms: ['harden-control-plane'] });
    session.survey('a.yaml', pod);
    const start = performance.now();
    session.fix('a.yaml', pod);
    expect(performance.now() - start).toBeLessThan(1500);
  });
});
