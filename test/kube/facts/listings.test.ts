import { describe, expect, it } from 'vitest';
import { newFileNames } from '../../../src/kube/facts/listings.js';

describe('the names of a new file', () => {
  const namesIn = (namespace: string | undefined) =>
    newFileNames({ kind: 'NetworkPolicy', name: 'default-deny', namespace }, '.yaml');
  const own = 'network-policy-default-deny.yaml';

  it('have the namespace where the first is taken', () => {
    expect(namesIn('shop')).toEqual([own, 'network-policy-default-deny-shop.yaml']);
    expect(namesIn(undefined)).toEqual([own]);
  });

  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is what is meant
  it.each(['${A}/../../x', '../x', 'a/b', 'a\\b', 'a\n::b', '\u001b[31m', '', 'Shop', 'a'.repeat(300)])(
    'stay in their folder, with no namespace that is none: %j',
    (namespace) => {
      expect(namesIn(namespace)).toEqual([own]);
    },
  );
});
