/**
 * What is wrong, too broad or missing in the facts on images as they were collected, each with the reason. The build of the catalogue
 * fails where a correction finds no entry any more.
 */
import { CHECKED } from './checked.js';
import type { Correction } from './correction.js';
import { STARTS } from './starts.js';

/** Two repositories with an entry each that hold the same image. */
export const SAME_IMAGE: ReadonlyMap<string, string> = new Map([
  ['docker.io/coredns/coredns', 'registry.k8s.io/coredns/coredns'],
  ['docker.io/linuxserver/*', 'lscr.io/linuxserver/*'],
  ['docker.io/prom/alertmanager', 'quay.io/prometheus/alertmanager'],
  ['docker.io/prom/prometheus', 'quay.io/prometheus/prometheus'],
  ['gcr.io/etcd-development/etcd', 'quay.io/coreos/etcd'],
  ['quay.io/minio/mc', 'docker.io/minio/mc'],
  ['quay.io/minio/minio', 'docker.io/minio/minio'],
]);

/** Patterns of tags that mean what another file writes otherwise; `undefined` where the entry is left out. */
export const SAME_TAGS: ReadonlyMap<string, string | undefined> = new Map([
  // 1.12 starts as another user than 1.8, which another file tells apart.
  ['docker.io/library/influxdb 1*', undefined],
  // Its tags start with the version of postgres, of whose entries it is an alias.
  ['docker.io/postgis/postgis *', undefined],
  ['docker.io/library/influxdb 2*', '>=2 <3'],
  ['docker.io/library/influxdb 3*', '>=3'],
  ['docker.io/library/varnish stable*', '6*, stable*'],
  ['docker.io/library/varnish 6*, stable', '6*, stable*'],
]);

/** Names by which the very image goes although they read otherwise: renamed projects, copies, variants of one build file. */
export const SAME_NAME: ReadonlySet<string> = new Set([
  'docker.elastic.co/elasticsearch/elasticsearch-oss',
  'docker.elastic.co/kibana/kibana-oss',
  'docker.io/apache/artemis',
  'docker.io/apachepulsar/pulsar-all',
  'docker.io/beryju/authentik',
  'docker.io/couchbase/server',
  'docker.io/grafana/grafana-enterprise',
  'docker.io/grafana/grafana-oss',
  'docker.io/metabase/metabase-enterprise',
  'docker.io/otel/opentelemetry-collector',
  'docker.io/otel/opentelemetry-collector-k8s',
  'docker.io/percona/percona-server',
  'docker.io/plausible/analytics',
  'docker.io/postgis/postgis',
  'docker.io/rayproject/kuberay-operator',
  'ghcr.io/dani-garcia/vaultwarden',
  'ghcr.io/nginx/kubernetes-ingress',
  'ghcr.io/open-telemetry/opentelemetry-collector-releases/opentelemetry-collector',
  'ghcr.io/open-telemetry/opentelemetry-collector-releases/opentelemetry-collector-k8s',
  'ghcr.io/zulip/zulip-server',
  'quay.io/cilium/operator',
  'quay.io/cilium/operator-alibabacloud',
  'quay.io/cilium/operator-aws',
  'quay.io/cilium/operator-azure',
  'quay.io/containers/buildah',
  'quay.io/containers/podman',
  'quay.io/containers/skopeo',
  'quay.io/kubernetes-ingress-controller/nginx-ingress-controller',
]);

/** Copies and builds for one processor keep the image's name in theirs. */
export const COPY = /\/mirrored-|-(?:amd64|arm64)$|\/csi-(?:attacher|resizer|snapshotter)$|linkerd\/(?:tap|web)$/;

/** Where the very images of a project are published besides, by the beginning of their names. */
export const MIRRORS: ReadonlyMap<string, string> = new Map([
  [
    'us-central1-docker.pkg.dev/google-samples/microservices-demo/',
    'us-central1-docker.pkg.dev/online-boutique-ci/microservices-demo/',
  ],
]);

/** Names that read like the image's own, but are of builds by others, of which nobody read anything. */
export const BUILT_BY_OTHERS =
  /^docker\.io\/(?:bitnamisecure|yandex|jettech|sameersbn|vish|progrium)\/|\/hardened-|^ghcr\.io\/kafbat\/|\/(?:cluster-api-(?:aws|azure)|capi-operator)\/|^cgr\.dev\//;

/** Which of several images an alias belongs to that more than one claims. */
export const OWNER: ReadonlyMap<string, string> = new Map([
  ['docker.io/bitnamilegacy/external-dns', 'docker.io/bitnami/external-dns'],
  ['docker.io/bitnamilegacy/kubectl', 'docker.io/bitnami/kubectl'],
  ['gcr.io/etcd-development/etcd', 'quay.io/coreos/etcd'],
  ['docker.io/rocketchat/rocket.chat', 'registry.rocket.chat/rocketchat/rocket.chat'],
]);

const DOCUMENTED = { confidence: 'documented' } as const;

const SHELL: Pick<Correction, 'why' | 'set'> = {
  why: 'a shell: what it needs depends on the command that the manifest gives it, and no uid is its own',
  set: {
    entrypoint: 'a shell as root; what it needs depends on the command that the manifest gives it',
    nonRoot: undefined,
    capabilities: undefined,
    shell: true,
    writes: undefined,
    populated: undefined,
    api: undefined,
    memory: undefined,
  },
};

const SHELLS =
  'almalinux alpine amazonlinux archlinux bash buildpack-deps busybox debian fedora oraclelinux rockylinux ubuntu'.split(' ');

const INTERPRETERS = 'amazoncorretto docker eclipse-temurin golang gradle maven node openjdk perl php python ruby'.split(' ');

const ELASTICSEARCH = 'docker.elastic.co/elasticsearch/elasticsearch';
const ELASTICSEARCH_NAMES = [
  'docker.elastic.co/elasticsearch/elasticsearch-oss',
  'docker.io/elastic/elasticsearch',
  'docker.io/library/elasticsearch',
];
const GRAFANA = 'docker.io/grafana/grafana';
const KUBE_RBAC_PROXY = 'quay.io/brancz/kube-rbac-proxy';
const INGRESS_NGINX = 'registry.k8s.io/ingress-nginx/controller';

/** The static builds of Prometheus and Alertmanager. */
function distroless(source: string): Pick<Correction, 'why' | 'variants'> {
  const condition = 'volume group 65532 (fsGroup) for a persistent volume';
  const nonRoot = { possible: true, uid: 65532, gid: 65532, condition };
  return {
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

/** Before version 6 the images of Confluent started as root. */
function confluent(name: string): Correction {
  return {
    image: `docker.io/confluentinc/${name}`,
    why: 'root before 6',
    set: { tags: '>=6' },
    variants: [
      {
        tags: '<6',
        user: 0,
        entrypoint: 'as later versions, started as root',
        nonRoot: undefined,
        capabilities: undefined,
        populated: undefined,
        confidence: 'known',
        sources: ['general knowledge'],
      },
    ],
  };
}

/** They run programs of somebody else's, who may call the API; as root, those may need what root may do. */
const HOSTS: readonly (readonly [image: string, tags?: string])[] = [
  ['docker.io/codercom/code-server'],
  ['docker.io/gitpod/openvscode-server'],
  ['docker.io/library/php', '*apache*'],
  ['docker.io/library/php', '*fpm*'],
  ['docker.io/library/unit'],
  ['docker.io/nodered/node-red'],
  ['quay.io/jupyter/*'],
  ['quay.io/jupyterhub/k8s-singleuser-sample'],
];
const ROOT_HOSTS = ['gitlab/gitlab-runner', 'library/tomcat', 'localstack/localstack', 'woodpeckerci/woodpecker-agent'];

/** Who calls the API by a plugin or a setting of its own configuration. */
const CALLERS_AT_TIMES = ['docker.io/hashicorp/consul', 'docker.io/library/telegraf'];

/** What is called tiny, but of which its project asks for more, or which grows with its load. */
const NOT_TINY = [
  'docker.io/library/nats',
  'ghcr.io/dexidp/dex',
  'ghcr.io/kube-vip/kube-vip',
  'quay.io/prometheus/alertmanager',
  ...['checkoutservice', 'frontend', 'productcatalogservice', 'shippingservice'].map(
    (name) => `us-central1-docker.pkg.dev/google-samples/microservices-demo/${name}`,
  ),
];

const FILE_CAPABILITIES = ['file-capabilities'] as const;

export const CORRECTIONS: readonly Correction[] = [
  ...CHECKED,
  ...STARTS,
  ...HOSTS.map(([image, tags = '*']) => ({ image, tags, why: 'runs programs that users put there', set: { api: undefined } })),
  ...ROOT_HOSTS.map((name) => ({
    image: `docker.io/${name}`,
    why: 'runs programs that users put there, as root',
    set: { capabilities: undefined, ...(/runner|agent/.test(name) ? {} : { api: undefined }) },
  })),
  ...CALLERS_AT_TIMES.map((image) => ({
    image,
    why: 'discovers peers and targets by the API where it is told so',
    set: { api: undefined },
  })),
  ...NOT_TINY.map((image) => ({
    image,
    why: 'more than tiny by the requests of its own manifests',
    set: { memory: 'small' as const },
  })),
  ...SHELLS.map((name) => ({ image: `docker.io/library/${name}`, ...SHELL })),
  ...INTERPRETERS.map((name) => ({
    image: `docker.io/library/${name}`,
    why: 'an interpreter: what runs is in the arguments',
    set: { shell: true, memory: undefined, ...(name === 'docker' ? {} : { api: undefined }) },
  })),
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
    why: 'root before 3.5',
    set: { tags: '>=3.5', ...DOCUMENTED, sources: ['kubernetes/kubernetes@045bbb19 build/pause/CHANGELOG.md'] },
    variants: [{ tags: '<3.5', user: 0, ...DOCUMENTED, sources: ['kubernetes/kubernetes@045bbb19 build/pause/CHANGELOG.md'] }],
  },
  {
    image: KUBE_RBAC_PROXY,
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
    why: 'uid 33 before 0.27, when the image was built on Debian',
    set: { tags: '>=0.27' },
    variants: [
      {
        tags: '<0.27',
        user: { name: 'www-data', uid: 33 },
        entrypoint: 'as later versions; its folders belong to 33',
        nonRoot: { possible: true, uid: 33, gid: 33 },
        ...DOCUMENTED,
        sources: ['kubernetes/ingress-nginx#4942'],
      },
    ],
  },
  {
    image: ELASTICSEARCH,
    why: 'root before 8, and a named user before 8.8; elasticsearch-oss is the same build without X-Pack, up to 7.10',
    set: { tags: '>=8.8', aliases: ELASTICSEARCH_NAMES },
    variants: [
      {
        tags: '>=8 <8.8',
        aliases: ELASTICSEARCH_NAMES,
        user: { name: 'elasticsearch', uid: 1000 },
        ...DOCUMENTED,
        sources: ['elastic/elasticsearch#95390', 'elastic/cloud-on-k8s#5913'],
      },
      {
        tags: '<8',
        aliases: ELASTICSEARCH_NAMES,
        user: 0,
        entrypoint: 'starts as root, creates the keystore in config, steps down to elasticsearch (1000) by chroot --userspec',
        nonRoot: {
          possible: true,
          uid: 1000,
          gid: 0,
          condition: 'volume group 1000 (fsGroup)',
        },
        capabilities: ['DAC_OVERRIDE', 'SETGID', 'SETUID', 'SYS_CHROOT'],
        ...DOCUMENTED,
        sources: ['elastic/elasticsearch#46166', 'elastic/cloud-on-k8s#5913'],
      },
    ],
  },
  {
    image: GRAFANA,
    why: 'before 8 the user is a name, and before 5.1 root',
    set: { tags: '>=8' },
    variants: [
      {
        tags: '>=5.1 <8',
        user: { name: 'grafana', uid: 472 },
        entrypoint: 'as later versions; the user is a name',
        nonRoot: { possible: true, uid: 472, condition: 'volume group-writable (fsGroup 472)' },
        ...DOCUMENTED,
        sources: ['grafana/grafana#20257'],
      },
      {
        tags: '<5.1',
        user: 0,
        entrypoint:
          'starts as root, chowns its folders, steps down to grafana by gosu; the ids are others than those of later versions',
        nonRoot: undefined,
        capabilities: undefined,
        writes: ['/var/lib/grafana', '/var/log/grafana', '/tmp'],
        confidence: 'known',
        sources: ['grafana/grafana#15653'],
      },
    ],
  },
  {
    image: 'registry.k8s.io/metrics-server/metrics-server',
    why: 'some versions before 0.4 start as root',
    set: { tags: '>=0.4' },
    variants: [
      {
        tags: '<0.4',
        user: null,
        entrypoint:
          'static binary, started as root in some of these versions; writes its self-signed serving certificate to --cert-dir, /tmp in the official manifests; no root need',
        confidence: 'known',
        sources: ['general knowledge'],
      },
    ],
  },
  ...['cp-*', 'cp-kafka', 'cp-kafka-connect', 'cp-kafka-rest', 'cp-ksqldb-server', 'cp-schema-registry', 'cp-zookeeper'].map(
    confluent,
  ),
  {
    image: 'gcr.io/distroless/*',
    why: 'a base: what runs is the command, or for the images of languages the argument',
    set: {
      shell: true,
      nonRoot: undefined,
      capabilities: undefined,
      writes: undefined,
      populated: undefined,
      api: undefined,
      memory: undefined,
    },
  },
  {
    image: 'gcr.io/distroless/*',
    tags: '*nonroot*',
    why: 'a base: what runs is the command, or for the images of languages the argument',
    set: { shell: true, capabilities: undefined, writes: undefined, populated: undefined, api: undefined, memory: undefined },
  },
  {
    image: 'cgr.dev/chainguard/*',
    why: 'a rule with exceptions: some start as root, or as the user of their project, and some call the API',
    set: { confidence: 'known', api: undefined, writes: undefined, populated: undefined },
  },
  {
    image: 'docker.io/bitnami/*',
    why: 'what is written below /opt/bitnami, and who calls the API, differs from one to another: metrics-server and external-dns are among them',
    set: { api: undefined, writes: undefined, populated: undefined },
  },
  {
    image: 'docker.io/goharbor/*',
    why: 'the members have users of their own (harbor, nginx, postgres, scanner), and the sources are of one of them',
    set: { confidence: 'known', user: undefined, nonRoot: undefined, api: undefined },
  },
  {
    image: 'docker.io/victoriametrics/*',
    why: 'the operator, and what discovers its targets, calls the API',
    set: { api: undefined },
  },
  {
    image: 'docker.io/jaegertracing/jaeger',
    why: 'not every image of the organisation: the operator calls the API',
    set: {
      aliases: ['quay.io/jaegertracing/jaeger'],
      alike: ['docker.io', 'quay.io'].flatMap((host) =>
        ['all-in-one', 'jaeger-agent', 'jaeger-collector', 'jaeger-ingester', 'jaeger-query'].map(
          (name) => `${host}/jaegertracing/${name}`,
        ),
      ),
    },
  },
  {
    image: 'docker.io/otel/opentelemetry-collector-contrib',
    why: 'not every image of the repository: the profiler is root',
    set: {
      aliases: [
        'docker.io/otel/opentelemetry-collector',
        'docker.io/otel/opentelemetry-collector-k8s',
        'ghcr.io/open-telemetry/opentelemetry-collector-releases/opentelemetry-collector',
        'ghcr.io/open-telemetry/opentelemetry-collector-releases/opentelemetry-collector-contrib',
        'ghcr.io/open-telemetry/opentelemetry-collector-releases/opentelemetry-collector-k8s',
      ],
    },
  },
  {
    image: 'docker.io/envoyproxy/envoy',
    why: 'envoy-distroless starts as another user',
    set: { aliases: [] },
  },
  ...['vpa-admission-controller', 'vpa-recommender', 'vpa-updater'].map((name) => ({
    image: `registry.k8s.io/autoscaling/${name}`,
    why: 'built on Debian without USER before it was built on distroless (kubernetes/autoscaler@01819a36)',
    set: { user: null },
  })),
  ...['keda', 'keda-metrics-apiserver'].map((name) => ({
    image: `ghcr.io/kedacore/${name}`,
    why: 'older versions name the user (kedacore/keda@02e7313b)',
    set: { user: { name: 'nonroot', uid: 65532 } },
  })),
  {
    image: 'us-docker.pkg.dev/google-samples/containers/gke/gb-frontend',
    why: 'another version of the Dockerfile is built on php:cli (GoogleCloudPlatform/kubernetes-engine-samples@3a275c81)',
    set: { confidence: 'known' },
  },
  {
    image: 'docker.io/library/nginx',
    why: 'the copy of Azure, which nobody read',
    set: { alike: ['mcr.microsoft.com/oss/nginx/nginx'] },
  },
  {
    image: 'docker.elastic.co/kibana/kibana',
    why: 'the same build without X-Pack, up to 7.10',
    set: { aliases: ['docker.elastic.co/kibana/kibana-oss', 'docker.io/elastic/kibana', 'docker.io/library/kibana'] },
  },
  {
    image: 'docker.io/library/percona',
    why: 'telemetry of the image writes below /usr/local/percona, of which nobody says what it ships',
    set: { populated: undefined },
  },
  {
    image: 'docker.io/library/percona',
    tags: 'psmdb*',
    why: 'percona-server-mongodb has tags of its own, without psmdb; what it ships below /usr/local/percona nobody says',
    set: { populated: undefined, aliases: [] },
    variants: [
      {
        image: 'docker.io/percona/percona-server-mongodb',
        tags: '*',
        aliases: [],
        populated: undefined,
        confidence: 'known',
      },
    ],
  },
  {
    image: 'quay.io/prometheus/node-exporter',
    why: 'kube-prometheus adds SYS_TIME, for the collector of the clock (prometheus-operator/kube-prometheus@4d719f1d manifests/nodeExporter-daemonset.yaml)',
    set: { sometimes: ['SYS_TIME'] },
  },
  {
    image: 'quay.io/argoproj/argo-events',
    why: 'the webhook listens on 443, and the image starts as root',
    set: { capabilities: ['NET_BIND_SERVICE'] },
  },
  {
    image: 'docker.io/haproxytech/kubernetes-ingress',
    why: 'what s6 needs when it starts as root is not among the sources; the wrapper of haproxy carries a file capability',
    set: { capabilities: undefined, gains: FILE_CAPABILITIES },
  },
  {
    image: 'registry.k8s.io/kube-apiserver',
    why: 'the binary carries cap_net_bind_service',
    set: { gains: FILE_CAPABILITIES },
  },
  {
    image: 'docker.io/nginx/nginx-ingress',
    why: 'uid 101 binds 80 and 443 by file capabilities of nginx',
    set: { gains: FILE_CAPABILITIES },
  },
  {
    image: 'quay.io/kubevirt/virt-launcher',
    why: 'uid 107 has NET_BIND_SERVICE by file capabilities',
    set: { gains: FILE_CAPABILITIES },
  },
  {
    image: 'public.ecr.aws/dynatrace/dynatrace-oneagent',
    why: 'as another user than root it has its capabilities by file capabilities',
    set: { gains: FILE_CAPABILITIES },
  },
  {
    image: 'quay.io/jupyter/*',
    why: 'sudo runs only where it starts as root, which gains nothing by that',
    set: { gains: undefined },
  },
];
