import { type CustomKind, findKindProblem } from '../kube/kinds/custom.js';
import { nameOf, record, type Shape } from './shape.js';
import { text, truth } from './words.js';

/** One entry of `kinds`. */
export function customKind(): Shape<CustomKind> {
  const shape = record<CustomKind>(
    {
      group: {
        title: 'API group',
        about: 'What stands before the slash of the apiVersion: example.com.',
        shape: text('an API group such as example.com', '^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$'),
      },
      kind: {
        title: 'Kind',
        about: 'The name of the kind: Machine.',
        shape: text('the name of a kind such as Machine', '^[A-Za-z][A-Za-z0-9-]{0,62}$'),
      },
      podTemplate: {
        title: 'Where the pod template is',
        about:
          'The path to what holds the metadata and the spec of its pods; * stands for every item of a list, or value of a map.',
        shape: text('a path such as spec.template or spec.tasks.*.template', '^[A-Za-z][\\w-]*(?:\\.(?:[A-Za-z][\\w-]*|\\*))*$'),
      },
      immutable: {
        title: 'Immutable',
        about: 'Whether it cannot be changed in place once it is created.',
        shape: truth,
        default: false,
      },
      containerLevelOnly: {
        title: 'On containers only',
        about: 'Whether its pods take no security context of the pod, so that all is written on containers.',
        shape: truth,
        default: false,
      },
    },
    { required: ['group', 'kind', 'podTemplate'] },
  );
  return {
    ...shape,
    read(reader, node, path) {
      const read = shape.read(reader, node, path);
      const isWhole = read?.group !== undefined && read.kind !== undefined && read.podTemplate !== undefined;
      const problem = isWhole ? findKindProblem(read) : undefined;
      if (problem !== undefined) reader.report(node.start, `${nameOf(path)}${problem}`);
      return problem === undefined && isWhole ? read : undefined;
    },
  };
}
