/**
 * What was found wrong when entries were held against their sources: versions that differ, and needs that depend on what is mounted.
 */
import type { Correction, Facts } from './correction.js';

/** The commits at which the build files of the images were read as they were before. */
const BEFORE_1_20: Readonly<Record<string, string>> = {
  acmesolver: 'f3a051d9',
  cainjector: '46a2ab5e',
  startupapicheck: '29d3e334',
};

/** Two versions were released without the user. */
const BUILT_AS_ROOT: Facts = {
  tags: 'v0.14.0, v0.14.1',
  user: 0,
  sources: ['cert-manager/cert-manager#2708', 'cert-manager/cert-manager#2771'],
  confidence: 'documented',
};

/** Its images are one binary each on distroless; all changed their user together. */
function certManager(name: string): Correction {
  const build = (commit: string) => `cert-manager/cert-manager@${commit} hack/containers/Containerfile.${name}`;
  const asBefore: Facts = {
    tags: '>=0.6 <1.20',
    user: 1000,
    nonRoot: { possible: true, uid: 1000, gid: 0, anyUid: true },
    sources: [build(BEFORE_1_20[name] ?? '3d163826'), 'cert-manager/cert-manager#1145'],
  };
  return {
    image: `quay.io/jetstack/cert-manager-${name}`,
    why: 'user 1000 in group 0 before 1.20; the first two of 0.14 were built without a user (cert-manager/cert-manager#2771)',
    set: {
      tags: '>=1.20',
      nonRoot: { possible: true, uid: 65532, gid: 65532, anyUid: true },
      sources: [
        build('2d0d7f7f'),
        'cert-manager/website@032cc43c content/docs/releases/release-notes/release-notes-1.20.md',
        'cert-manager/cert-manager#8408',
      ],
    },
    variants: [asBefore, ...(name === 'startupapicheck' ? [] : [{ ...asBefore, ...BUILT_AS_ROOT }])],
  };
}

/** Collectors that run as root for the sake of the logs of the host. */
const LOG_COLLECTORS = [
  'docker.io/fluent/fluent-bit',
  'docker.io/fluent/fluentd-kubernetes-daemonset',
  'docker.io/newrelic/newrelic-fluentbit-output',
  'docker.io/timberio/vector',
];

export const CHECKED: readonly Correction[] = [
  ...['acmesolver', 'cainjector', 'controller', 'startupapicheck', 'webhook'].map(certManager),
  ...LOG_COLLECTORS.map((image) => ({
    image,
    why: 'root reads logs that are not its own by DAC_OVERRIDE (fluent/fluentd#4213, kube-logging/logging-operator#972)',
    set: { sometimes: ['DAC_OVERRIDE'] },
  })),
  {
    image: 'docker.io/library/traefik',
    why: 'the image ships nothing in /data, where charts keep acme.json; two files said the same of its ports',
    set: {
      entrypoint: 'starts traefik as root, no step-down; listens on 80 by default, as the chart has it on 8000 and 8443',
      nonRoot: {
        possible: true,
        uid: 65532,
        gid: 65532,
        condition:
          'entry points on ports from 1024, or net.ipv4.ip_unprivileged_port_start=0; acme.json, where it is kept, owned by that user with mode 0600',
      },
      populated: [],
    },
  },
  ...['docker.io/redpandadata/redpanda', 'lscr.io/linuxserver/wireguard'].map((image) => ({
    image,
    why: 'no build file and no entrypoint is among its sources',
    set: { confidence: 'documented' as const },
  })),
  {
    image: 'docker.io/temporalio/server',
    why: 'the template that it renders, and the dynamic configuration, are in the folder',
    set: { populated: ['/etc/temporal/config'] },
  },
  ...['ghcr.io/dexidp/dex', 'docker.io/getmeili/meilisearch'].map((image) => ({
    image,
    why: 'its build file makes the folder that it writes, and puts nothing in it',
    set: { populated: [] },
  })),
  {
    image: 'docker.io/provectuslabs/kafka-ui',
    why: 'adduser -S picks the number',
    set: { user: { name: 'kafkaui', uid: null }, nonRoot: { possible: true } },
  },
  {
    image: 'docker.io/krakend/krakend-ce',
    why: 'adduser -S without a group makes no group of that number',
    set: { nonRoot: { possible: true, uid: 1000 } },
  },
  {
    image: 'quay.io/cilium/hubble-relay',
    why: 'its source has no USER; later builds have (cilium/cilium#23259)',
    set: { user: null, nonRoot: { possible: true, uid: 65532, gid: 65532 } },
  },
  {
    image: 'docker.io/velero/velero-plugin-for-aws',
    why: 'the build file says so',
    set: { sources: ['vmware-tanzu/velero-plugin-for-aws@0a0e28a2 Dockerfile'], confidence: 'read' },
  },
  {
    image: 'docker.io/unleashorg/unleash-server',
    why: 'the build file says so',
    set: { sources: ['Unleash/unleash-docker@24dbf701 Dockerfile'], confidence: 'read' },
  },
  {
    image: 'docker.io/openpolicyagent/kube-mgmt',
    why: 'the build file has USER 1000; since which version is not known',
    set: { nonRoot: { possible: true, uid: 1000 }, sources: ['open-policy-agent/kube-mgmt@0e0e6258 Dockerfile'] },
  },
  {
    image: 'docker.io/milvusdb/milvus',
    why: 'the build file has no USER; that of its base was not read',
    set: { sources: ['milvus-io/milvus@019970b1 build/docker/milvus/ubuntu20.04/Dockerfile'] },
  },
];
