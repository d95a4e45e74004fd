/** An image reference, taken apart. */
export interface ImageReference {
  /** Registry and path, as {@link normaliseRepository} writes them. */
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: string;
}

/** `distribution/reference`: an optional host, the path in lower case, an optional tag, an optional digest. */
const REFERENCE = new RegExp(
  [
    /^(?<name>(?:\[[0-9a-fA-F:]+\](?::\d+)?\/|[\w.-]+(?::\d+)?\/)?[a-z0-9]+(?:(?:[._]|__|-+|\/)[a-z0-9]+)*)/,
    /(?::(?<tag>\w[\w.-]{0,127}))?/,
    /(?:@(?<digest>[A-Za-z][\w+.-]*:[0-9a-fA-F]{32,}))?$/,
  ]
    .map((part) => part.source)
    .join(''),
);

/** Other names of Docker Hub, and a mirror that holds nothing else. */
const DOCKER_HUB: ReadonlySet<string> = new Set([
  'docker.io',
  'index.docker.io',
  'registry-1.docker.io',
  'registry.docker.io',
  'registry.hub.docker.com',
  'mirror.gcr.io',
]);

/** Registries whose name inside a path means a mirror of them: `harbor.example.com/proxy/quay.io/prometheus/prometheus`. */
const MIRRORED: ReadonlySet<string> = new Set([
  ...DOCKER_HUB,
  'cr.fluentbit.io',
  'docker.elastic.co',
  'gcr.io',
  'ghcr.io',
  'k8s.gcr.io',
  'lscr.io',
  'mcr.microsoft.com',
  'nvcr.io',
  'public.ecr.aws',
  'quay.io',
  'registry.k8s.io',
]);

/** Takes a reference apart; `undefined` where the text is none, such as a template or a variable. */
export function parseReference(text: string): ImageReference | undefined {
  const groups = REFERENCE.exec(text)?.groups;
  if (groups?.name === undefined) return undefined;
  return {
    repository: normaliseRepository(groups.name),
    ...(groups.tag !== undefined && { tag: groups.tag }),
    ...(groups.digest !== undefined && { digest: groups.digest }),
  };
}

/**
 * One name for all the names of a repository: `docker.io/library/nginx` for `nginx`, `index.docker.io/library/nginx`,
 * `public.ecr.aws/docker/library/nginx` and `registry.example.com:5000/library/nginx`.
 *
 * A path that ends in `library/x` is taken for a mirror of Docker Hub, whatever the host, and one that holds the name of a public
 * registry for a mirror of that. `k8s.gcr.io` and `gcr.io/google-containers` are what `registry.k8s.io` was called before.
 */
export function normaliseRepository(name: string): string {
  const segments = name.split('/');
  const first = segments[0] ?? '';
  const hasHost = segments.length > 1 && (/[.:[]/.test(first) || first === 'localhost');
  const host = hasHost ? first.toLowerCase() : 'docker.io';
  const path = hasHost ? segments.slice(1) : segments;

  const mirrored = path.findIndex((segment, index) => index < path.length - 1 && MIRRORED.has(segment));
  if (mirrored >= 0) return normaliseRepository(path.slice(mirrored).join('/'));
  if (DOCKER_HUB.has(host)) return path.length === 1 ? `docker.io/library/${path[0]}` : `docker.io/${path.join('/')}`;
  if (path.at(-2) === 'library') return `docker.io/library/${path.at(-1)}`;
  if (host === 'k8s.gcr.io') return `registry.k8s.io/${path.join('/')}`;
  if (host === 'gcr.io' && (path[0] === 'google-containers' || path[0] === 'google_containers') && path.length > 1) {
    return `registry.k8s.io/${path.slice(1).join('/')}`;
  }
  return `${host}/${path.join('/')}`;
}
