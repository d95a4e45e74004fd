import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/core/errors.js';
import { createSession, type SessionOptions } from '../../src/session.js';

const IMAGE = 'registry.example.com/team/shop';
const TEXT = `apiVersion: apps/v1
kind: Deployment
metadata: {name: shop}
spec:
  selector: {matchLabels: {app: shop}}
  template:
    metadata: {labels: {app: shop}}
    spec:
      containers:
        - name: shop
          image: ${IMAGE}:2.1
`;

const ENTRY = {
  image: IMAGE,
  tags: '>=2',
  user: 10001,
  capabilities: [],
  sources: ['shop/Dockerfile'],
  confidence: 'read',
} as const;

function risksOf(options: SessionOptions) {
  const { findings } = createSession({ maxRisk: 'low', ...options }).fix('shop.yaml', TEXT);
  return Object.fromEntries(findings.map(({ transform, risk, evidence }) => [transform, `${risk}: ${evidence}`]));
}

describe('entries of a caller', () => {
  it('count in the session that they are given to, and in no other', () => {
    const transforms = ['drop-capabilities', 'require-non-root'];
    expect(risksOf({ transforms, images: [ENTRY] })).toEqual({
      'drop-capabilities': 'low: shop:2.1 (shop/Dockerfile) needs none',
      'require-non-root': 'medium: shop:2.1 (shop/Dockerfile) starts as user 10001',
    });
    expect(risksOf({ transforms })).toEqual({
      'drop-capabilities': 'high: what it needs is not known',
      'require-non-root': 'high: the user of the image is not known',
    });
    expect(risksOf({ transforms, images: [{ ...ENTRY, tags: '<2' }] })).toEqual(risksOf({ transforms }));
  });

  it('are refused by name where they are wrong', () => {
    const images = [ENTRY, { ...ENTRY, capabilities: ['CAP_CHOWN'] }];
    const message = `images[1] ("${IMAGE}"): "capabilities" holds "CAP_CHOWN"`;
    expect(() => createSession({ images })).toThrow(UsageError);
    expect(() => createSession({ images })).toThrow(message);
  });
});
