import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../src/core/json.js';
import { makeView } from '../../src/kube/fields.js';
import { areAllOf, viewItems } from '../../src/kube/items.js';

function viewOf(list: Json) {
  const value: JsonObject = { spec: { list } };
  return makeView({ ref: { file: 'x', document: 0, root: [], line: 1, apiVersion: 'v1', kind: 'Pod' }, value }, ['spec'], 'pod');
}

const itemsOf = (list: Json) => viewItems(viewOf(list), ['list'], ({ name }, position) => `item ${name ?? position}`);

describe('items', () => {
  it('are the maps of a list, at the places where they are', () => {
    const items = itemsOf([{ name: 'a' }, null, '$B', {}]);
    expect(items.map(({ path, subject, position }) => ({ path, subject, position }))).toEqual([
      { path: ['spec', 'list', 0], subject: 'item a', position: 0 },
      { path: ['spec', 'list', 3], subject: 'item 3', position: 3 },
    ]);
  });

  it('are none where there is no list', () => {
    expect([null, '$LIST', { name: 'a' }, []].map(itemsOf)).toEqual([[], [], [], []]);
  });

  it('read and change what is beneath them', () => {
    const [item] = itemsOf([{ name: 'a', b: { c: 1 } }]);
    expect(item?.get('b.c').value).toBe(1);
    expect(item?.get(['b', 'c']).value).toBe(1);
    expect(item?.set('b.c', 2)).toEqual({ op: 'set', path: ['spec', 'list', 0, 'b', 'c'], value: 2 });
    expect(item?.remove('name')).toEqual({ op: 'remove', path: ['spec', 'list', 0, 'name'] });
    expect(item?.append('d', 3)).toEqual({ op: 'append', path: ['spec', 'list', 0, 'd'], value: 3 });
  });
});

describe('the key of a list', () => {
  const goes = (list: readonly Json[], count = list.length, suppressed?: number) =>
    areAllOf(viewOf(list), ['list'], itemsOf(list).slice(0, count), ({ path }) => path.at(-1) === suppressed);

  it('goes where all of its items do', () => {
    expect(goes([{ name: 'a' }])).toBe(true);
    expect(goes([{ name: 'a' }, { name: 'b' }])).toBe(true);
  });

  it('stays where one does not, or went before', () => {
    expect(goes([])).toBe(false);
    expect(goes([{ name: 'a' }, { name: 'b' }], 1)).toBe(false);
    expect(goes([{ name: 'a' }, null])).toBe(false);
    expect(goes([{ name: 'a' }, '$B'])).toBe(false);
  });

  it('stays where an item must not be touched', () => {
    expect(goes([{ name: 'a' }, { name: 'b' }], 2, 1)).toBe(false);
    expect(goes([{ name: 'a' }, { $KEY: 'b' }])).toBe(false);
  });
});
