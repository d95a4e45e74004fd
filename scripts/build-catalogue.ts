/**
 * Writes `src/kube/images/catalogue.json` from a folder of YAML files with facts on images, as collected:
 * `npx tsx scripts/build-catalogue.ts FOLDER`.
 *
 * It takes the images listed here, gives every repository its normal name, merges what several files say of one image and one pattern
 * of tags, and applies the corrections, each of which says why.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { mergeFacts } from '../src/kube/images/merge.js';
import { normaliseRepository } from '../src/kube/images/reference.js';
import type { CatalogueEntry, ImageFacts, NonRootFacts } from '../src/kube/images/types.js';

/** An entry as collected: `null` and `''` stand for nothing. */
interface RawEntry extends Omit<ImageFacts, 'nonRoot'> {
  readonly aliases: readonly string[];
  readonly nonRoot: {
    readonly possible: boolean;
    readonly uid: number | null;
    readonly gid: number | null;
    readonly condition: string;
  };
}

type Facts = { readonly [Key in keyof CatalogueEntry]?: CatalogueEntry[Key] | undefined };

interface Correction {
  readonly image: string;
  readonly tags: string;
  readonly why: string;
  /** `undefined` takes a fact away. */
  readonly set?: Facts;
  /** Further entries that differ from this one. */
  readonly variants?: readonly Facts[];
}

const IMAGES: ReadonlySet<string> = new Set([
  'docker.elastic.co/elasticsearch/elasticsearch',
  'docker.io/apache/kafka',
  'docker.io/fluent/fluent-bit',
  'docker.io/grafana/grafana',
  'docker.io/library/alpine',
  'docker.io/library/busybox',
  'docker.io/library/httpd',
  'docker.io/library/mariadb',
  'docker.io/library/memcached',
  'docker.io/library/mongo',
  'docker.io/library/mysql',
  'docker.io/library/nginx',
  'docker.io/library/postgres',
  'docker.io/library/rabbitmq',
  'docker.io/library/redis',
  'docker.io/library/traefik',
  'ghcr.io/flannel-io/flannel',
  'quay.io/brancz/kube-rbac-proxy',
  'quay.io/jetstack/cert-manager-cainjector',
  'quay.io/jetstack/cert-manager-controller',
  'quay.io/jetstack/cert-manager-webhook',
  'quay.io/prometheus/alertmanager',
  'quay.io/prometheus/node-exporter',
  'quay.io/prometheus/prometheus',
  'registry.k8s.io/coredns/coredns',
  'registry.k8s.io/ingress-nginx/controller',
  'registry.k8s.io/kube-state-metrics/kube-state-metrics',
  'registry.k8s.io/metrics-server/metrics-server',
  'registry.k8s.io/pause',
  'registry.k8s.io/sig-storage/csi-node-driver-registrar',
]);

/** Two repositories with an entry each that hold the same image. */
const SAME_IMAGE: ReadonlyMap<string, string> = new Map([
  ['docker.io/coredns/coredns', 'registry.k8s.io/coredns/coredns'],
  ['docker.io/prom/alertmanager', 'quay.io/prometheus/alertmanager'],
  ['docker.io/prom/prometheus', 'quay.io/prometheus/prometheus'],
]);

const DOCUMENTED = { confidence: 'documented' } as const;

const SHELL = {
  why: 'a shell: what it needs depends on the command that the manifest gives it, and no uid is its own',
  set: {
    entrypoint: 'a shell as root; what it needs depends on the command that the manifest gives it',
    nonRoot: undefined,
    capabilities: undefined,
    writes: undefined,
    populated: undefined,
    api: null,
  },
} as const;

const ELASTICSEARCH = 'docker.elastic.co/elasticsearch/elasticsearch';
const KUBE_RBAC_PROXY = 'quay.io/brancz/kube-rbac-proxy';
const INGRESS_NGINX = 'registry.k8s.io/ingress-nginx/controller';

/** The static builds of Prometheus and Alertmanager. */
function distroless(source: string): Pick<Correction, 'tags' | 'why' | 'variants'> {
  const condition = 'volume group 65532 (fsGroup) for a persistent volume';
  const nonRoot = { possible: true, uid: 65532, gid: 65532, condition };
  return {
    tags: '*',
    why: 'the distroless build has another user, given by number',
    variants: [{ tags: '*-distroless*', user: 65532, nonRoot, sources: [source] }],
  };
}

const POSTGRES_FORKS = {
  image: 'docker.io/library/postgres',
  why: 'the tags of postgis start with the version of postgres and have Alpine variants too; those of pgvector start with its own version',
  set: { aliases: ['docker.io/postgis/postgis'] },
} as const;

const RABBITMQ_API = {
  image: 'docker.io/library/rabbitmq',
  why: 'peer discovery by the Kubernetes API, as in the base image',
} as const;

const CORRECTIONS: readonly Correction[] = [
  { image: 'docker.io/library/alpine', tags: '*', ...SHELL },
  { image: 'docker.io/library/busybox', tags: '*', ...SHELL },
  { ...POSTGRES_FORKS, tags: '<18' },
  { ...POSTGRES_FORKS, tags: '<18 *-alpine*' },
  { ...POSTGRES_FORKS, tags: '>=18' },
  { ...POSTGRES_FORKS, tags: '>=18 *-alpine*' },
  { ...RABBITMQ_API, tags: '*-alpine*', set: { api: true } },
  { ...RABBITMQ_API, tags: '*management*', set: { api: true } },
  { image: 'quay.io/prometheus/alertmanager', ...distroless('prometheus/alertmanager@83d276e3 Dockerfile.distroless') },
  { image: 'quay.io/prometheus/prometheus', ...distroless('prometheus/prometheus@1105c825 Dockerfile.distroless') },
  {
    image: 'registry.k8s.io/pause',
    tags: '*',
    why: 'root before 3.5',
    set: { tags: '>=3.5', ...DOCUMENTED, sources: ['kubernetes/kubernetes@045bbb19 build/pause/CHANGELOG.md'] },
    variants: [{ tags: '<3.5', user: 0, ...DOCUMENTED, sources: ['kubernetes/kubernetes@045bbb19 build/pause/CHANGELOG.md'] }],
  },
  {
    image: KUBE_RBAC_PROXY,
    tags: '*',
    why: 'root before 0.7',
    set: { tags: '>=0.7' },
    variants: [
      {
        tags: '<0.7',
        user: 0,
        entrypoint: 'as later versions, started as root without need',
        ...DOCUMENTED,
        sources: ['brancz/kube-rbac-proxy@0aa2830e CHANGELOG.md', 'brancz/kube-rbac-proxy#85'],
      },
    ],
  },
  {
    image: INGRESS_NGINX,
    tags: '*',
    why: 'uid 33 before 0.27, when the image was built on Debian',
    set: { tags: '>=0.27' },
    variants: [
      {
        tags: '<0.27',
        user: { name: 'www-data', uid: 33 },
        nonRoot: {
          possible: true,
          uid: 33,
          gid: 33,
          condition: 'image USER is a name, so runAsNonRoot needs an explicit numeric runAsUser',
        },
        ...DOCUMENTED,
        sources: ['kubernetes/ingress-nginx#4942'],
      },
    ],
  },
  {
    image: ELASTICSEARCH,
    tags: '*',
    why: 'root before 8, and a named user before 8.8',
    set: { tags: '>=8.8' },
    variants: [
      {
        tags: '>=8 <8.8',
        user: { name: 'elasticsearch', uid: 1000 },
        ...DOCUMENTED,
        sources: ['elastic/elasticsearch#95390', 'elastic/cloud-on-k8s#5913'],
      },
      {
        tags: '<8',
        user: 0,
        entrypoint: 'starts as root, creates the keystore in config, steps down to elasticsearch (1000) by chroot --userspec',
        nonRoot: {
          possible: true,
          uid: 1000,
          gid: 0,
          condition: 'the image starts as uid 0, so an explicit runAsUser is needed; volume group 1000 (fsGroup)',
        },
        capabilities: ['DAC_OVERRIDE', 'SETGID', 'SETUID', 'SYS_CHROOT'],
        ...DOCUMENTED,
        sources: ['elastic/elasticsearch#46166', 'elastic/cloud-on-k8s#5913'],
      },
    ],
  },
];

const folder = process.argv[2];
if (folder === undefined) throw new Error('usage: build-catalogue.ts FOLDER');
const entries = correct(mergeSame(readFolder(folder)));
const missing = [...IMAGES].filter((image) => !entries.some((entry) => entry.image === image));
if (missing.length > 0) throw new Error(`no entry for ${missing.join(', ')}`);
writeFileSync(new URL('../src/kube/images/catalogue.json', import.meta.url), `${JSON.stringify(entries, null, 2)}\n`);
console.error(`${entries.length} entries for ${IMAGES.size} images; run biome to format them`);

function readFolder(path: string): CatalogueEntry[] {
  const found: CatalogueEntry[] = [];
  for (const file of readdirSync(path).filter((name) => /\.ya?ml$/.test(name))) {
    for (const raw of load(readFileSync(join(path, file), 'utf8')) as readonly RawEntry[]) {
      const entry = normalise(raw);
      if (IMAGES.has(entry.image)) found.push(entry);
    }
  }
  return found;
}

function normalise(raw: RawEntry): CatalogueEntry {
  const name = normaliseRepository(raw.image);
  const image = SAME_IMAGE.get(name) ?? name;
  const aliases = [name, ...raw.aliases.map(normaliseRepository)].filter((alias) => alias !== image);
  const { possible, uid, gid, condition } = raw.nonRoot;
  const nonRoot: NonRootFacts = {
    possible,
    ...(uid !== null && { uid }),
    ...(gid !== null && { gid }),
    ...(condition !== '' && { condition }),
  };
  return {
    image,
    aliases: [...new Set(aliases)].sort(),
    tags: raw.tags,
    user: raw.user,
    ...(raw.entrypoint !== undefined && { entrypoint: raw.entrypoint }),
    nonRoot,
    ...(raw.capabilities !== undefined && { capabilities: raw.capabilities }),
    ports: raw.ports,
    ...(raw.writes !== undefined && { writes: raw.writes }),
    ...(raw.populated !== undefined && { populated: raw.populated }),
    api: raw.api,
    host: raw.host,
    memory: raw.memory,
    sources: raw.sources,
    confidence: raw.confidence,
  };
}

/** One entry for each image and pattern of tags. What the files disagree on is said, since someone should look at it. */
function mergeSame(found: readonly CatalogueEntry[]): CatalogueEntry[] {
  const merged = new Map<string, CatalogueEntry>();
  for (const entry of found) {
    const key = `${entry.image} ${entry.tags}`;
    const other = merged.get(key);
    if (other === undefined) {
      merged.set(key, entry);
      continue;
    }
    const facts = mergeFacts(other, entry);
    for (const field of ['user', 'api', 'capabilities'] as const) {
      if (JSON.stringify(other[field]) !== JSON.stringify(entry[field])) {
        console.error(
          `${key}: ${field} ${JSON.stringify(other[field])} and ${JSON.stringify(entry[field])}: ${JSON.stringify(facts[field])}`,
        );
      }
    }
    const aliases = [...new Set([...other.aliases, ...entry.aliases])].sort();
    merged.set(key, { ...withAliases(facts, aliases) });
  }
  return [...merged.values()].sort((a, b) => compare(a.image, b.image) || compare(a.tags, b.tags));
}

function correct(found: readonly CatalogueEntry[]): CatalogueEntry[] {
  return found.flatMap((entry) => {
    const correction = CORRECTIONS.find(({ image, tags }) => image === entry.image && tags === entry.tags);
    if (correction === undefined) return [entry];
    const corrected = overlay(entry, correction.set ?? {});
    return [corrected, ...(correction.variants ?? []).map((variant) => overlay(entry, variant))];
  });
}

/** JSON leaves out what is `undefined`. */
function overlay(entry: CatalogueEntry, facts: Facts): CatalogueEntry {
  return { ...entry, ...facts } as CatalogueEntry;
}

function withAliases({ image, ...facts }: ImageFacts, aliases: readonly string[]): CatalogueEntry {
  return { image, aliases, ...facts };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
