import { expect, it } from 'vitest';
import { readConditions } from '../../scripts/catalogue/conditions.js';

it.each<[string, object]>([
  ['', {}],
  ['image starts as uid 0, so an explicit runAsUser is needed', {}],
  ['image default; USER is a name, so runAsNonRoot also needs runAsUser', {}],
  ['any uid', { anyUid: true }],
  ['image default from 3.5, numeric USER; any uid works', { anyUid: true }],
  ['any uid; the image fixes no working user', { anyUid: true }],
  ['any uid, when /data is writable', { anyUid: true, condition: '/data is writable' }],
  ['any uid with group 0', { anyUid: true, condition: 'group 0' }],
  ['any uid with group 0, or uid 10000 with any group', { condition: 'any uid with group 0, or uid 10000 with any group' }],
  ['ports above 1023; image default; any uid works', { anyUid: true, condition: 'ports above 1023' }],
  ['any uid that owns the data directory', { condition: 'any uid that owns the data directory' }],
])('reads %j', (text, expected) => {
  expect(readConditions(text)).toEqual(expected);
});
