import { describe, expect, it } from 'vitest';
import type { Change } from '../../src/core/change.js';
import { remove, render, set } from './table.js';

const COUNT = 4000;

const containers = Array.from({ length: COUNT }, (_, at) => ({ name: `c${at}`, image: 'web', args: ['a', 'b'] }));
const TEXTS: readonly (readonly [string, string])[] = [
  [
    'block',
    `spec:\n  containers:\n${containers.map(({ name }) => `  # about ${name}\n  - name: ${name}\n    image: web # i\n`).join('')}`,
  ],
  ['flow', `spec:\n  containers:\n${containers.map(({ name }) => `  - {name: ${name}, image: web} # c\n`).join('')}`],
  ['JSON', JSON.stringify({ spec: { containers } }, null, 2)],
  [
    'aliases',
    `x: &x {p: 1}\nspec:\n  containers:\n${containers.map(({ name }) => `  - {name: ${name}, image: web, x: *x}\n`).join('')}`,
  ],
];

const changes: Change[] = containers.flatMap((_, at) => [
  set(['spec', 'containers', at, 'securityContext'], { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } }),
  remove(['spec', 'containers', at, 'name']),
]);

describe('8,000 changes of one document', () => {
  // Well below a second each; what grows with the square of the text would take minutes.
  it.each(TEXTS)('%s', { timeout: 10_000 }, (_, text) => {
    const { splices, problems } = render(text, changes);
    expect(problems).toEqual([]);
    expect(splices.length).toBeGreaterThanOrEqual(2 * COUNT);
  });
});
