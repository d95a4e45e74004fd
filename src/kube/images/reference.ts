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

/**
 * What a proxy calls a registry in its paths, on its own or with `-proxy` behind it: `docker-hub`, `quay-cache`. The names are those that
 * the documentation of ECR, Artifact Registry and Harbor uses.
 */
const PROXIED: ReadonlyMap<string, string> = new Map([
  ['docker-hub', 'docker.io'],
  ['dockerhub', 'docker.io'],
  ['docker.io', 'docker.io'],
  ['ecr-public', 'public.ecr.aws'],
  ['gcr.io', 'gcr.io'],
  ['ghcr', 'ghcr.io'],
  ['ghcr.io', 'ghcr.io'],
  ['quay', 'quay.io'],
  ['quay.io', 'quay.io'],
  ['registry.k8s.io', 'registry.k8s.io'],
]);

/** Prefixes that the pull-through caches of ECR have by default, besides. */
const ECR_PREFIXES: ReadonlyMap<string, string> = new Map([
  ['kubernetes', 'registry.k8s.io'],
  ['github', 'ghcr.io'],
]);

const ECR = /^\d{12}\.dkr\.ecr\.[\w-]+\.amazonaws\.com(?:\.cn)?$/;

/** The account from which EKS takes its add-ons; its copies in all regions are the same. */
const EKS = /^602401143452\.dkr\.ecr\.[\w-]+\.amazonaws\.com$/;

/** Takes a reference apart; `undefined` where the text is none, such as a template or a variable. */
export function parseReference(text: string): ImageReference | undefined {
  const split = splitReference(text);
  if (split === undefined) return undefined;
  const { name, ...version } = split;
  return { repository: normaliseRepository(name), ...version };
}

/** The same with registry and path as they are written. */
export function splitReference(
  text: string,
): { readonly name: string; readonly tag?: string; readonly digest?: string } | undefined {
  const groups = REFERENCE.exec(text)?.groups;
  if (groups?.name === undefined) return undefined;
  return {
    name: groups.name,
    ...(groups.tag !== undefined && { tag: groups.tag }),
    ...(groups.digest !== undefined && { digest: groups.digest }),
  };
}

/**
 * One name for all the names of a repository: `docker.io/library/nginx` for `nginx`, `index.docker.io/library/nginx`,
 * `public.ecr.aws/docker/library/nginx` and `registry.example.com:5000/library/nginx`.
 *
 * A path that ends in `library/x` is taken for a mirror of Docker Hub, whatever the host, and one that holds the name of a public
 * registry for a mirror of that. `k8s.gcr.io` and `gcr.io/google-containers` are what `registry.k8s.io` was called before. Anything else
 * of another host is its own: `localhost:5000/nginx` may be anybody's.
 */
export function normaliseRepository(name: string): string {
  const segments = name.split('/');
  const first = segments[0] ?? '';
  const hasHost = segments.length > 1 && (/[.:[]/.test(first) || first === 'localhost');
  const host = hasHost ? first.toLowerCase() : 'docker.io';
  const path = hasHost ? segments.slice(1) : segments;

  const mirrored = findMirrored(host, path);
  if (mirrored !== undefined) return normaliseRepository(mirrored);
  if (DOCKER_HUB.has(host)) return path.length === 1 ? `docker.io/library/${path[0]}` : `docker.io/${path.join('/')}`;
  if (path.at(-2) === 'library') return `docker.io/library/${path.at(-1)}`;
  if (host === 'k8s.gcr.io') return `registry.k8s.io/${path.join('/')}`;
  if (isGoogleContainers(host, path)) return `registry.k8s.io/${path.slice(1).join('/')}`;
  if (EKS.test(host)) return `602401143452.dkr.ecr.us-west-2.amazonaws.com/${path.join('/')}`;
  return `${host}/${path.join('/')}`;
}

/**
 * Whether nothing but `library/` says that an image is one of Docker Hub: Harbor has a project of that name from the start, in which may
 * be anybody's.
 */
export function isMirrorByName(text: string): boolean {
  const name = REFERENCE.exec(text)?.groups?.name;
  if (name === undefined) return false;
  const segments = name.split('/');
  const host = (segments[0] ?? '').toLowerCase();
  const path = segments.slice(1);
  if (path.length < 2 || path.at(-2) !== 'library' || !/[.:[]|^localhost$/.test(host)) return false;
  return !DOCKER_HUB.has(host) && findMirrored(host, path) === undefined && !name.startsWith('public.ecr.aws/docker/library/');
}

/** The repository that a mirror stands for, with its registry; `undefined` where the name is of no mirror that can be told. */
function findMirrored(host: string, path: readonly string[]): string | undefined {
  const named = path.findIndex((segment, index) => index < path.length - 1 && MIRRORED.has(segment));
  if (named >= 0) return path.slice(named).join('/');
  if (PUBLIC.has(host)) return undefined;
  // GitLab's dependency proxy: `gitlab.example.com/group/dependency_proxy/containers/nginx`.
  const proxy = path.indexOf('dependency_proxy');
  if (proxy >= 0 && path[proxy + 1] === 'containers' && path.length > proxy + 2)
    return `docker.io/${path.slice(proxy + 2).join('/')}`;
  // Behind the proxy's name an owner and an image: with the image alone it may be anybody's.
  for (const [index, segment] of path.slice(0, -2).entries()) {
    const registry = PROXIED.get(segment.replace(/-(?:proxy|cache|mirror|remote)$/, ''));
    if (registry !== undefined) return `${registry}/${path.slice(index + 1).join('/')}`;
  }
  const prefix = ECR.test(host) ? ECR_PREFIXES.get(path[0] ?? '') : undefined;
  return prefix !== undefined && path.length > 1 ? `${prefix}/${path.slice(1).join('/')}` : undefined;
}

/** Registries where `quay/x` is somebody's name, and no proxy. */
const PUBLIC: ReadonlySet<string> = new Set([...MIRRORED, 'registry.gitlab.com', 'codeberg.org']);

/** What `registry.k8s.io` was called before, and a mirror of that. */
function isGoogleContainers(host: string, path: readonly string[]): boolean {
  if (path.length < 2 || (path[0] !== 'google-containers' && path[0] !== 'google_containers')) return false;
  return host === 'gcr.io' || host.endsWith('.aliyuncs.com');
}
