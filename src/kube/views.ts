import { isList, isObject, type JsonObject, type Path, valueAt } from '../core/json.js';
import { describeBuild } from './facts/built-image.js';
import { makeView } from './fields.js';
import { type FoundImage, type ImageCatalogue, publicImages } from './images/catalogue.js';
import { type DigestOf, formatFullName, isDigest, readFullName } from './images/full-name.js';
import { CONTAINER_LISTS, findPodTemplates, type Kinds, type PlacedPod, type PodTemplate, readPlacedPod } from './kinds.js';
import { isOpaque } from './opaque.js';
import { readOs } from './pod-os.js';
import type { Place, RepoIndex, SiblingFacts } from './repo-facts.js';
import type {
  ContainerSort,
  ContainerView,
  Demands,
  Field,
  LiveObject,
  PodView,
  SecurityContextFields,
  TransformContext,
  View,
} from './types.js';

/** A pod of an object, as a transform sees it. */
export interface ViewedPod {
  readonly template: PodTemplate;
  readonly context: TransformContext;
}

/** What views are made with. */
export interface ViewOptions {
  readonly index: RepoIndex;
  /** Whether someone said no, for the transform that will look, at a path from the object's root. */
  isSuppressed(path: Path): boolean;
  /** What the run asks of a pod. */
  demands(template: PodTemplate): Demands;
  /** What the run knows of images. */
  readonly images?: ImageCatalogue | undefined;
  readonly digestOf?: DigestOf | undefined;
  readonly kinds?: Kinds | undefined;
}

/**
 * What a transform sees of an object: each of its pods with its containers, read anew at each question, so that changes admitted
 * meanwhile show.
 */
export function viewPods(live: LiveObject, options: ViewOptions): readonly ViewedPod[] {
  const { index, images = publicImages, digestOf, kinds, isSuppressed, demands } = options;
  return findPodTemplates(live.value, live.ref, kinds).map((template) => {
    const pod = viewPod(live, template, index);
    const containers = viewContainers(live, template, pod, { index, images, digestOf });
    return {
      template,
      context: {
        ...demands(template),
        object: makeView(live, [], live.ref.kind),
        pod,
        containers,
        ref: live.ref,
        index,
        isSuppressed: (view) => isSuppressed(view.path),
      },
    };
  });
}

function viewPod(live: LiveObject, template: PodTemplate, index: RepoIndex): PodView {
  const { kind, label, podSpec } = template;
  const prefix = label === '' ? '' : `${label}: `;
  const view = makeView(live, podSpec, `${prefix}pod`, kind.shape && readOnce(live, template));
  const metadata = makeView(live, template.metadata, view.subject);
  return {
    ...view,
    prefix,
    metadata,
    containerLevelOnly: kind.containerLevelOnly,
    isPodSpec: kind.shape === undefined,
    lacks: (field) => kind.lacks?.includes(field) ?? false,
    claims: kind.claims === undefined ? [] : namesOfClaims(live.value, kind.claims),
    get servedPort() {
      const labels = metadata.get('labels').value;
      return isObject(labels) ? index.lowPortOf(live.ref, labels) : undefined;
    },
    get os() {
      return readOs(view);
    },
    get hidesContainers() {
      return CONTAINER_LISTS.some((list) => isHidden(view.get(list)));
    },
    get serviceAccountName() {
      return readAccount(view);
    },
  };
}

/** The names of the claims that an object makes for its pods. */
function namesOfClaims(object: JsonObject, claims: Path): readonly string[] {
  const list = valueAt(object, claims);
  if (!isList(list)) return [];
  return list.map((claim) => valueAt(claim, ['metadata', 'name'])).filter((name) => typeof name === 'string');
}

/** The pod as it stands, read once for each state of the object. */
function readOnce(live: LiveObject, template: PodTemplate): () => PlacedPod {
  const none: PlacedPod = { spec: {}, place: (path) => [...template.podSpec, ...path] };
  let root: JsonObject | undefined;
  let placed = none;
  return () => {
    if (root !== live.value) {
      root = live.value;
      placed = readPlacedPod(root, template) ?? none;
    }
    return placed;
  };
}

function isHidden({ state, value }: Field): boolean {
  if (state === 'absent') return false;
  return !isList(value) || value.some((item) => !isObject(item) || isOpaque(item));
}

function readAccount(pod: View): string | undefined {
  // `serviceAccount` is the old name; the API server copies it when the new one is empty.
  for (const key of ['serviceAccountName', 'serviceAccount']) {
    const field = pod.get(key);
    if (field.state === 'opaque') return undefined;
    if (typeof field.value === 'string' && field.value !== '') return field.value;
  }
  return 'default';
}

/** Where it is told what is known of an image. */
interface Sources {
  readonly index: RepoIndex;
  readonly images: ImageCatalogue;
  readonly digestOf: DigestOf | undefined;
}

function viewContainers(live: LiveObject, template: PodTemplate, pod: PodView, sources: Sources): readonly ContainerView[] {
  const placed = readPlacedPod(live.value, template);
  const views: ContainerView[] = [];
  if (placed === undefined) return views;
  for (const list of Object.keys(placed.spec)) {
    if (!CONTAINER_LISTS.includes(list)) continue;
    const items = placed.spec[list];
    if (!isList(items)) continue;
    for (const [position, item] of items.entries()) {
      if (!isObject(item)) continue;
      const sort = list === 'containers' ? 'container' : item.restartPolicy === 'Always' ? 'sidecar' : 'init';
      const path = placed.place([list, position]);
      const read = template.kind.shape && readItem(readOnce(live, template), list, position);
      const called = template.kind.shape?.nameOf?.(path);
      views.push(viewContainer(live, pod, sources, { path, sort, read, called }));
    }
  }
  return views;
}

function readItem(pod: () => PlacedPod, list: string, position: number): () => PlacedPod {
  return () => {
    const { spec, place } = pod();
    const item = valueAt(spec, [list, position]);
    return { spec: isObject(item) ? item : {}, place: (path) => place([list, position, ...path]) };
  };
}

/** Where a container is, and of which sort. */
interface ContainerPlace {
  readonly path: Path;
  readonly sort: ContainerSort;
  /** What is read in its place. */
  readonly read: (() => PlacedPod) | undefined;
  /** Its name, where it has none of its own. */
  readonly called: string | undefined;
}

const SORT_NAMES: Readonly<Record<ContainerSort, string>> = {
  container: 'container',
  init: 'init container',
  sidecar: 'sidecar',
};

function viewContainer(live: LiveObject, pod: PodView, sources: Sources, place: ContainerPlace): ContainerView {
  const { path, sort, read, called = '' } = place;
  const written = valueAt(live.value, [...path, 'name']);
  const name = typeof written === 'string' ? written : called;
  const last = path.at(-1);
  const shown = name !== '' ? name : typeof last === 'number' ? `#${last + 1}` : 'main';
  const view = makeView(live, path, `${pod.prefix}${SORT_NAMES[sort]} ${shown}`, read);
  // Everybody asks for them, and they are the same as long as the image is.
  let siblings: { readonly image: string; readonly found: readonly SiblingFacts[] } | undefined;
  let known: { readonly image: string; readonly found: FoundImage | undefined } | undefined;
  return {
    ...view,
    sort,
    name,
    get image() {
      const { value } = view.get('image');
      return typeof value === 'string' ? value : undefined;
    },
    get found() {
      const { value } = view.get('image');
      if (typeof value !== 'string') return undefined;
      if (known?.image !== value) known = { image: value, found: findImage(sources, live.ref, value) };
      return known.found;
    },
    get digest() {
      const { value } = view.get('image');
      return typeof value === 'string' ? findDigest(sources, live.ref, value) : undefined;
    },
    get siblings() {
      const { value } = view.get('image');
      if (typeof value !== 'string') return [];
      if (siblings?.image !== value) siblings = { image: value, found: sources.index.siblingsOf(live.ref, value, pod.path) };
      return siblings.found;
    },
    securityContext: new ContainerSecurityContext(view),
    effective(field) {
      const own = view.get(['securityContext', field]);
      return own.state === 'absent' ? pod.get(['securityContext', field]) : own;
    },
  };
}

/** What the repository builds itself, it knows better. */
function findImage({ index, images }: Sources, at: Place, image: string): FoundImage | undefined {
  const built = index.buildOf(at, image);
  const found = images.find(image);
  // A folder `nginx` beside an image `nginx`: without a word on a build, that is the one that everybody pulls.
  const isPulled = built?.isGuess === true && found?.facts.image.startsWith('docker.io/library/');
  if (built !== undefined && !isPulled) return describeBuild(image, built, images);
  if (found === undefined) return undefined;
  const others = index.replacementsOf(at, image);
  if (others.every((other) => images.find(other)?.facts.image === found.facts.image)) return found;
  // What runs in its place may need all that it needs, and nobody knows what it does without.
  return { ...found, facts: { ...found.facts, confidence: 'known' }, cited: `${found.cited}, which a kustomization replaces,` };
}

function findDigest({ digestOf }: Sources, { file }: Place, image: string): string | undefined {
  const name = digestOf && readFullName(image);
  const digest = name && digestOf(formatFullName(name), file);
  return digest !== undefined && isDigest(digest) ? digest : undefined;
}

/** A class, since an object of so many getters is slow to make and to read. */
class ContainerSecurityContext implements SecurityContextFields {
  constructor(private readonly container: View) {}
  get allowPrivilegeEscalation(): Field {
    return this.container.get('securityContext.allowPrivilegeEscalation');
  }
  get capabilities(): Field {
    return this.container.get('securityContext.capabilities');
  }
  get privileged(): Field {
    return this.container.get('securityContext.privileged');
  }
  get procMount(): Field {
    return this.container.get('securityContext.procMount');
  }
  get readOnlyRootFilesystem(): Field {
    return this.container.get('securityContext.readOnlyRootFilesystem');
  }
  get runAsGroup(): Field {
    return this.container.get('securityContext.runAsGroup');
  }
  get runAsNonRoot(): Field {
    return this.container.get('securityContext.runAsNonRoot');
  }
  get runAsUser(): Field {
    return this.container.get('securityContext.runAsUser');
  }
  get seccompProfile(): Field {
    return this.container.get('securityContext.seccompProfile');
  }
}
