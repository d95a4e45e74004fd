import { BlockList } from 'node:net';
import { describe, expect, it } from 'vitest';
import { readRange } from '../../../src/kube/network/cidr.js';
import { fc } from '../../fc.js';

describe('a range of addresses', () => {
  it.each([
    ['10.0.0.0/8', '10.0.0.0/8', false, 8],
    ['203.0.113.7/32', '203.0.113.7/32', false, 32],
    ['0.0.0.0/0', '0.0.0.0/0', false, 0],
    ['192.0.2.128/25', '192.0.2.128/25', false, 25],
    ['2001:DB8::/32', '2001:db8::/32', true, 32],
    ['::/0', '::/0', true, 0],
    ['::1/128', '::1/128', true, 128],
    ['2001:db8:0:0:0:0:0:0/33', '2001:db8:0:0:0:0:0:0/33', true, 33],
  ])('%s', (given, text, isIPv6, bits) => {
    expect(readRange(given)).toEqual({ text, isIPv6, bits });
  });

  it.each([
    ...[
      '10.0.0.0',
      '10.0.0.0/',
      '10.0.0.0/33',
      '10.0.0.0/08',
      '010.0.0.0/8',
      '10.0.0/8',
      '256.0.0.0/8',
      '10.0.0.1/8',
      '1.2.3.4.5/8',
    ],
    ...[
      '2001:db8::1/32',
      '2001:db8/32',
      '2001::db8::/32',
      '::/129',
      ':::/8',
      '1:2:3:4:5:6:7:8:9/128',
      '12345::/16',
      '1:2:3:4:5:6:7::8/128',
    ],
    ...['::ffff:10.0.0.0/104', '', '/8', 'example.com/8', ' 10.0.0.0/8', '10.0.0.0/8 ', '10.0.0.0/1e1'],
  ])('not %j', (given) => {
    expect(readRange(given)).toBeUndefined();
  });

  it('is one to Node as well', () => {
    const part = fc.nat(0x1ffff);
    const text = fc.oneof(
      fc
        .tuple(fc.array(fc.nat(300), { minLength: 3, maxLength: 5 }), fc.nat(40))
        .map(([parts, bits]) => `${parts.join('.')}/${bits}`),
      fc
        .tuple(
          fc.array(
            fc.oneof(
              fc.constant(''),
              part.map((each) => each.toString(16)),
            ),
            { maxLength: 9 },
          ),
          fc.nat(140),
        )
        .map(([parts, bits]) => `${parts.join(':')}/${bits}`),
      fc.tuple(fc.nat(255), fc.nat(8)).map(([first, bits]) => `${first}.0.0.0/${bits}`),
    );
    let read = 0;
    fc.assert(
      fc.property(text, (given) => {
        const range = readRange(given);
        if (range === undefined) return;
        read++;
        const [address = '', bits] = given.split('/');
        const list = new BlockList();
        list.addSubnet(address, Number(bits), range.isIPv6 ? 'ipv6' : 'ipv4');
        expect(list.check(address, range.isIPv6 ? 'ipv6' : 'ipv4')).toBe(true);
      }),
      { numRuns: 2000 },
    );
    expect(read).toBeGreaterThan(20);
  });
});
