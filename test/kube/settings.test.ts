import { describe, expect, it } from 'vitest';
import { amount, choice, integer, integers, names, objectName, quantity, withDefaults } from '../../src/kube/settings.js';

const BOUNDS = { min: 1, max: 100 };

describe('an integer', () => {
  const setting = integer('a port', BOUNDS);

  it.each([
    ['1', 1],
    ['100', 100],
    [7, 7],
    ['007', 7],
  ])('%j is %j', (given, value) => {
    expect(setting.read(given)).toBe(value);
  });

  it.each([0, 101, 1.5, '', ' 7', '7 ', '0x7', '1e1', '-1', '1.0', '9'.repeat(40), Number.NaN, true, null, undefined, [7], {}])(
    '%j is none',
    (given) => {
      expect(setting.read(given)).toBeUndefined();
    },
  );

  it('says what it takes, and has no default', () => {
    expect(setting).toMatchObject({ takes: 'an integer from 1 to 100', default: undefined });
  });
});

describe('a list of integers', () => {
  const setting = integers('groups', BOUNDS);

  it.each<[unknown, readonly number[]]>([
    ['7', [7]],
    ['7,8', [7, 8]],
    ['7, 8,', [7, 8]],
    ['8,7,8', [8, 7]],
    ['', []],
    [7, [7]],
    [
      [7, '8'],
      [7, 8],
    ],
    [[], []],
  ])('%j is %j', (given, value) => {
    expect(setting.read(given)).toEqual(value);
  });

  it.each(['7;8', '7 8', '0', '7,101', 'a', [7, 'a'], [[7]], [null], [7, undefined], 1.5, true, null, undefined, {}])(
    '%j is none',
    (given) => {
      expect(setting.read(given)).toBeUndefined();
    },
  );

  it('says what it takes, and has no default', () => {
    expect(setting).toMatchObject({ takes: 'integers from 1 to 100, separated by commas', default: undefined });
  });
});

describe('a choice', () => {
  const setting = choice('what becomes of it', ['leave', 'remove', 'report']);

  it('takes its words, exactly', () => {
    expect(['leave', 'remove', 'report'].map(setting.read)).toEqual(['leave', 'remove', 'report']);
    for (const given of ['Leave', ' leave', '', 'keep', 0, null, undefined, ['leave']])
      expect(setting.read(given)).toBeUndefined();
  });

  it('says what it takes, and has its first word for a default', () => {
    expect(setting).toMatchObject({ takes: 'leave, remove or report', default: 'leave' });
    expect(choice('it', ['only']).takes).toBe('only');
  });
});

describe('a quantity', () => {
  const setting = quantity('memory request', '128Mi');

  it('takes what Kubernetes reads, above 0', () => {
    expect(['100m', '1', '0.5', '1Gi', 2].map(setting.read)).toEqual(['100m', '1', '0.5', '1Gi', '2']);
    for (const given of ['0', '0Mi', '-1', '', '1 Gi', '1gb', 0, -1, Number.NaN, true, null, ['1'], '1'.repeat(33)]) {
      expect(setting.read(given)).toBeUndefined();
    }
  });
});

describe('a list of names', () => {
  const setting = names('capabilities', 'names', (name) => (/^\w+$/.test(name) ? name.toUpperCase() : undefined));

  it('takes names, spelled as they should be, each once', () => {
    expect(setting.read('chown, KILL,Chown')).toEqual(['CHOWN', 'KILL']);
    expect(setting.read(['kill'])).toEqual(['KILL']);
    expect([setting.read(''), setting.read([])]).toEqual([[], []]);
    for (const given of ['a b', 'a,-', [1], ['a', null], 1, null, undefined, {}]) expect(setting.read(given)).toBeUndefined();
  });
});

describe('the settings of a transform', () => {
  it('have their defaults where nothing was said', () => {
    const declared = { mode: choice('it', ['a', 'b']), id: integer('it', BOUNDS), groups: integers('it', BOUNDS) };
    expect(withDefaults(declared, {})).toEqual({ mode: 'a', id: undefined, groups: undefined });
    expect(withDefaults(declared, { mode: 'b', groups: [] })).toEqual({ mode: 'b', id: undefined, groups: [] });
    expect(withDefaults(declared, { other: 1 })).not.toHaveProperty('other');
  });
});

describe('the name of an object', () => {
  const setting = objectName('what it is called', 'default-deny');

  it.each(['a', 'default-deny', '9', 'a.b', 'a'.repeat(253)])('%j', (given) => {
    expect(setting.read(given)).toBe(given);
  });

  it.each(['', 'A', '-a', 'a-', 'a..b', 'a b', 'a\n', 'a'.repeat(254), 7, null, ['a']])('%j is none', (given) => {
    expect(setting.read(given)).toBeUndefined();
  });

  it('has a default', () => {
    expect(setting.default).toBe('default-deny');
  });
});

describe('an amount', () => {
  it('is a quantity that nobody need say', () => {
    const setting = amount('cpu');
    expect(setting).toMatchObject({ ...quantity('cpu', '1'), default: undefined, read: expect.any(Function) as unknown });
    expect([setting.read('100m'), setting.read(2), setting.read('0'), setting.read('x')]).toEqual([
      '100m',
      '2',
      undefined,
      undefined,
    ]);
  });
});
