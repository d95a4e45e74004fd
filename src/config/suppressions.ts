import { transforms } from '../../transforms/registry.js';
import { isDay } from '../core/day.js';
import type { WrittenNo } from '../core/selector.js';
import { glob, line } from './scalars.js';
import { dictionary, list, record, type Shape } from './shape.js';
import { scalar, text } from './words.js';

const ids = transforms.map(({ id }) => id);

const transformId: Shape<string> = scalar('the id of a transform', { enum: ids }, (value) => ids.find((id) => id === value), ids);

const day: Shape<string> = scalar(
  'a day such as 2027-01-31',
  { type: 'string', pattern: '^\\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])$' },
  (value) => (typeof value === 'string' && isDay(value) ? value : undefined),
);

const PATTERN = 'a text, in which * stands for any characters';
const pattern = text(PATTERN, '^[^\\s]+$');

/** One entry of `suppressions`. */
export function suppression(): Shape<WrittenNo> {
  const selectors = {
    transforms: {
      title: 'Transforms',
      about: 'Ids of transforms; all of them where absent.',
      shape: list(transformId, 'ids', { min: 1 }),
    },
    paths: {
      title: 'Paths',
      about: 'Patterns as in .gitignore, from the folder of this file.',
      shape: list(glob, 'patterns', { min: 1 }),
    },
    namespaces: { title: 'Namespaces', about: 'As the manifest names them.', shape: list(pattern, 'names', { min: 1 }) },
    kinds: {
      title: 'Kinds',
      about: 'Such as Deployment.',
      shape: list(text('the name of a kind', '^[A-Za-z][A-Za-z0-9]*$'), 'kinds', { min: 1 }),
    },
    names: { title: 'Names', about: 'Names of objects.', shape: list(pattern, 'names', { min: 1 }) },
    labels: {
      title: 'Labels',
      about: 'Labels of the object, all of them.',
      shape: dictionary(text('a text', '^[A-Za-z0-9._-]*$'), { pattern: '^[A-Za-z0-9./_-]+$', takes: 'the key of a label' }),
    },
    containers: {
      title: 'Containers',
      about: 'Names of containers, which alone are covered then.',
      shape: list(pattern, 'names', { min: 1 }),
    },
    images: {
      title: 'Images',
      about: 'Images of containers, which alone are covered then: with tag and digest, or without.',
      shape: list(pattern, 'images', { min: 1 }),
    },
  };
  const shape = record<WrittenNo>(
    {
      ...selectors,
      reason: { title: 'Reason', about: 'Why; every report quotes it.', shape: line },
      expires: { title: 'Last day', about: 'The last day on which it holds.', shape: day },
    },
    { required: ['reason'] },
  );
  const keys = Object.keys(selectors);
  return {
    ...shape,
    schema: { ...shape.schema, anyOf: keys.map((key) => ({ required: [key] })) },
    read(reader, node, path) {
      const read = shape.read(reader, node, path);
      if (read && !keys.some((key) => reader.has(node, key)))
        reader.report(node.start, 'says no to everything, everywhere; name transforms, paths, names or the like');
      return read;
    },
  };
}
