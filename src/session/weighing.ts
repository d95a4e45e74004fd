import { evidenceOf, leftByPath } from '../discover/classify.js';
import type { Survey } from '../discover/survey.js';
import type { Engine } from '../engine/types.js';
import { isSystemNamespace } from '../kube/namespaces.js';
import type { Asked } from './asked.js';
import { leftByHeaderOf } from './role.js';

/** What the pass between `survey` and `fix` needs of a session. */
interface Weighing {
  readonly engine: Engine;
  readonly survey: Survey;
  /** What is asked of a file, and who looks at it. */
  at(path: string): { readonly asked: Asked; readonly engine: Engine };
  /** Whether a file is read for what it says of others alone. */
  isConsulted(path: string): boolean;
  /** Files and folders that nobody could read. */
  missed(): readonly string[];
  /** Whether levels count as they are before the run. */
  readonly isNow: boolean;
}

export interface Weigher {
  /** The files with objects for which somebody has to know what the workloads of a namespace reach. */
  awaiting(): readonly string[];
  weigh(path: string, text: string, stays: boolean): void;
}

const NAMESPACE = { group: '', kind: 'Namespace' };

export function createWeigher(weighing: Weighing): Weigher {
  const { engine, survey } = weighing;
  const { levels } = engine.index;
  let awaiting: readonly string[] | undefined;

  function findAwaiting(): readonly string[] {
    const files = new Set<string>();
    for (const { file, name, value } of engine.index.objectsOf(NAMESPACE)) {
      if (weighing.isConsulted(file) || survey.left(file) !== undefined) continue;
      const { transforms, includeSystem, systemNamespaces } = weighing.at(file).asked;
      if (!includeSystem && isSystemNamespace(name, systemNamespaces)) continue;
      if (!transforms.some(({ objects }) => objects?.awaitsLevels?.(value))) continue;
      levels.await({ file, namespace: name });
      files.add(file);
    }
    for (const file of files.size === 0 ? [] : weighing.missed())
      levels.add({ file, where: file, pods: [], unknown: 'it could not be read', isAnywhere: true });
    return [...files];
  }

  function findAll(): readonly string[] {
    awaiting ??= findAwaiting();
    return awaiting;
  }

  return {
    awaiting: findAll,
    weigh(path, text, stays) {
      if (findAll().length === 0 || evidenceOf(path) !== undefined) return;
      const isConsulted = weighing.isConsulted(path);
      const left = survey.left(path) ?? leftByHeaderOf(survey, path, text);
      switch (left?.code) {
        case 'CHART':
          if (/(?:^|\/)Chart\.yaml$/.test(path)) addUnknown(path, 'a chart: what it makes depends on its values');
          return;
        case 'KUSTOMIZATION':
          addKustomization(path, text);
          return;
        case 'PATCH':
        case 'KUSTOMIZE_INPUT':
          return;
        default:
      }
      if (isConsulted && leftByPath(path)?.code === 'VENDORED') return;
      weighing.at(path).engine.weigh(path, text, stays || weighing.isNow || isConsulted || left !== undefined);
    },
  };

  /** Where it belongs is told by its folder alone. */
  function addUnknown(file: string, unknown: string, namespace?: string): void {
    levels.add({ file, namespace, where: file, pods: [], unknown });
  }

  function addKustomization(path: string, text: string): void {
    const remotes = survey.kustomization(path)?.remotes ?? [];
    if (remotes.length > 0) addUnknown(path, 'it takes in what is not among these files');
    if (/^helmCharts:|HelmChartInflationGenerator/im.test(text)) addUnknown(path, 'it takes in a chart');
  }
}
