import { isList, isObject, type Json, valueAt } from '../../core/json.js';
import type { ContainerView, PodView, TransformContext } from '../types.js';
import { DEFAULT_CAPABILITIES } from './capability-lists.js';
import type { Decision } from './decision.js';
import { listOf, stringsIn } from './deviations.js';
import { type KnownImage, knowImage } from './image.js';
import { needed, type Obstacle } from './obstacle.js';

/*
 * Whether a container works on its node: mounts its file systems, sets up its network, loads modules into its kernel, watches its
 * processes. Such work takes rights that nothing in the manifest need show, so hardening is left to a person there.
 */

/** What a context is asked for here. */
type Surroundings = Pick<TransformContext, 'pod' | 'containers' | 'ref' | 'level'>;

/** What containers of a pod do with their node. */
export interface NodeWork {
  /** Whether the container works on its node, or may. */
  decide(container: ContainerView): Decision<boolean>;
  /** The same as what keeps it from being hardened. In a run for a level, which asks for all of it, nothing does. */
  findNeed(container: ContainerView): Obstacle | undefined;
  /** Files that may be root's, of the host or of a neighbour that works on the node; not in a run for a level either. */
  findForeignFiles(container: ContainerView): Obstacle | undefined;
}

/** Looks at the volumes of the pod once for all of its containers. */
export function readNodeWork(context: Surroundings): NodeWork {
  const { pod, containers, ref, level } = context;
  const folders = readHostFolders(pod);
  const inPod = findPodAccess(pod);
  const decide = (container: ContainerView): Decision<boolean> => {
    const mounts = mountsOf(container);
    const evidence =
      findPropagation(mounts) ??
      findProgram(container) ??
      findNfsServer(container) ??
      findNature(
        container,
        inPod !== undefined || pod.get('hostNetwork').is(true) || mounts.some(({ name }) => folders.has(name)),
      ) ??
      (isKnownAsHarmless(knowImage(container))
        ? undefined
        : (findFolder(mounts, folders) ?? inPod ?? findNetworkWork(pod, ref.kind, mounts, folders)));
    if (evidence !== undefined) return { answer: true, risk: 'high', evidence: [evidence] };
    return { answer: false, risk: 'medium', evidence: [] };
  };
  let shared: ReadonlyMap<string, string> | undefined;
  return {
    decide,
    findNeed(container) {
      if (level !== undefined) return undefined;
      const { answer, evidence } = decide(container);
      return answer ? needed(`it may work on its node: ${evidence.join('; ')}`) : undefined;
    },
    findForeignFiles(container) {
      if (level !== undefined) return undefined;
      shared ??= readShared(
        containers.filter((other) => decide(other).answer),
        pod,
      );
      for (const { name } of mountsOf(container)) {
        const path = folders.get(name);
        if (path !== undefined) return needed(`volume "${name}" is a folder of the host, whose files may be root's`);
        const neighbour = shared.get(name);
        if (neighbour !== undefined && neighbour !== container.subject)
          return needed(`volume "${name}" is shared with ${neighbour}, which works on the node`);
      }
      return undefined;
    },
  };
}

interface Mount {
  readonly name: string;
  readonly isReadOnly: boolean;
  readonly isBidirectional: boolean;
}

/** By the list as it is written. */
const mountLists = new WeakMap<readonly Json[], readonly Mount[]>();

function mountsOf(container: ContainerView): readonly Mount[] {
  const { value } = container.get('volumeMounts');
  if (!isList(value)) return [];
  let mounts = mountLists.get(value);
  if (mounts === undefined) {
    mounts = readMounts(value);
    mountLists.set(value, mounts);
  }
  return mounts;
}

function readMounts(list: readonly Json[]): readonly Mount[] {
  return list.flatMap((mount) =>
    isObject(mount) && typeof mount.name === 'string'
      ? [
          {
            name: mount.name,
            isReadOnly: mount.readOnly === true,
            isBidirectional: mount.mountPropagation === 'Bidirectional',
          },
        ]
      : [],
  );
}

/** The paths of the host, by the names of their volumes. */
function readHostFolders(pod: PodView): ReadonlyMap<string, string> {
  return new Map(
    listOf(pod.get('volumes').value).flatMap((volume): [string, string][] => {
      const path = valueAt(volume, ['hostPath', 'path']);
      const name = valueAt(volume, ['name']);
      return typeof path === 'string' && typeof name === 'string' ? [[name, path]] : [];
    }),
  );
}

/** Empty volumes in which containers that work on the node keep what others find there, such as sockets, and who those are. */
function readShared(workers: readonly ContainerView[], pod: PodView): ReadonlyMap<string, string> {
  const empty = new Set(
    listOf(pod.get('volumes').value)
      .filter((volume: Json) => isObject(volume) && isObject(volume.emptyDir))
      .map((volume) => valueAt(volume, ['name'])),
  );
  return new Map(
    workers.flatMap((worker) => mountsOf(worker).flatMap(({ name }) => (empty.has(name) ? [[name, worker.subject]] : []))),
  );
}

function findPropagation(mounts: readonly Mount[]): string | undefined {
  const mount = mounts.find(({ isBidirectional }) => isBidirectional);
  return mount && `mount "${mount.name}" is Bidirectional`;
}

/** Programs that change the kernel of the node, its network or its mounts. */
const PROGRAMS =
  'arptables|conntrack|dmsetup|ebtables|ethtool|exportfs|insmod|ip6?tables(?:-legacy|-nft)?(?:-restore|-save)?|ipset|ipvsadm|kexec|losetup|mkfs(?:\\.\\w+)?|modprobe|mount|mount\\.\\w+|nft|nsenter|reboot|rmmod|rpcbind|rpc\\.\\w+|swapoff|swapon|systemctl|tc|umount';

/** A program where a command begins: at the start of a word, after what separates commands, or after what takes one. */
const PROGRAM = new RegExp(
  String.raw`(?:^|[;&|(\n]|\b(?:exec|then|do|else|sudo|xargs|env|time)\s)\s*(?:/[\w./-]*/)?(${PROGRAMS}|chroot(?=\s+/host)|sysctl(?=\s+(?:-\w*[wp]|[\w.]+=))|ip(?=\s+(?:link|route|rule|addr(?:ess)?|netns|tunnel)\s+(?:add|change|del|delete|replace|set)\b))(?=[\s;&|)]|$)`,
);

function findProgram(container: ContainerView): string | undefined {
  for (const field of ['command', 'args']) {
    const words = container.get(field).value;
    const program = isList(words) ? programIn(words) : undefined;
    if (program !== undefined) return `its ${field} ${field === 'args' ? 'run' : 'runs'} ${program}`;
  }
  return undefined;
}

/** By a list of words, which nobody changes: one transform after the other asks about the same. */
const programs = new WeakMap<readonly Json[], string | false>();

function programIn(list: readonly Json[]): string | undefined {
  let program = programs.get(list);
  if (program === undefined) {
    program = searchProgram(stringsIn(list)) ?? false;
    programs.set(list, program);
  }
  return program === false ? undefined : program;
}

function searchProgram(words: readonly string[]): string | undefined {
  // A command may be written in one word, or in a word for each of its own.
  for (const text of [words.join(' '), ...words]) {
    // The name of the program only: what stands behind it may be a secret.
    const program = PROGRAM.exec(text)?.[1];
    if (program !== undefined) return program;
  }
  return undefined;
}

const NFS = 2049;

/** A server of the kernel, which takes SYS_ADMIN. */
function findNfsServer(container: ContainerView): string | undefined {
  const isServer = listOf(container.get('ports').value).some((port) => isObject(port) && port.containerPort === NFS);
  return isServer ? `port ${NFS} is that of an NFS server` : undefined;
}

/** @param hasAccess whether the manifest gives the container anything of its node */
function findNature(container: ContainerView, hasAccess: boolean): string | undefined {
  const known = knowImage(container);
  if (!known?.facts.host.includes('privileged')) return undefined;
  // A plugin of the node often has a part that runs anywhere, of the same image.
  const isOfNode = known.facts.host.some((access) => access !== 'privileged');
  return isOfNode && !hasAccess ? undefined : `${known.cited} is meant to be privileged (${known.facts.host.join(', ')})`;
}

/** Whether somebody has read that the image needs no more than a container has, whatever it sees of its node. */
function isKnownAsHarmless(known: KnownImage | undefined): boolean {
  if (!known?.isTrusted || !known.runsEntrypoint) return false;
  const { capabilities, host, sometimes = [] } = known.facts;
  return (
    capabilities?.every((name) => DEFAULT_CAPABILITIES.has(name)) === true &&
    !host.includes('privileged') &&
    !sometimes.includes('privileged')
  );
}

/** Folders of the node that its own programs live by, at or beneath these. */
const SYSTEM_FOLDERS =
  /^\/(?:dev(?!\/shm)|run|var\/run|sys|proc|boot|lib\/modules|etc\/(?:cni|kubernetes|systemd)|opt\/cni|var\/lib\/(?:cni|kubelet|rook)|usr\/libexec\/kubernetes|home\/kubernetes)(?:\/|$)/;

/** Folders that hold those. */
const WHOLE = /^\/(?:|etc|lib|opt|usr|usr\/(?:bin|lib|local|local\/bin|libexec)|bin|sbin|var|var\/lib|root|home)\/?$/;

/** What takes writes although it is mounted read-only, or is read by those who write to the kernel. */
const REGARDLESS = /\.sock\/*$|^\/lib\/modules(?:\/|$)/;

function findFolder(mounts: readonly Mount[], folders: ReadonlyMap<string, string>): string | undefined {
  for (const { name, isReadOnly } of mounts) {
    const path = folders.get(name);
    if (path === undefined) continue;
    if (REGARDLESS.test(path)) return `it has ${path} of the host`;
    if (!isReadOnly && (SYSTEM_FOLDERS.test(path) || WHOLE.test(path))) return `it may write to ${path} of the host`;
  }
  return undefined;
}

function findPodAccess(pod: PodView): string | undefined {
  const field = ['hostPID', 'hostIPC'].find((name) => pod.get(name).is(true));
  return field && `${field}: true`;
}

/** On the network of the node, what runs on every node, or keeps files there, is part of it. */
function findNetworkWork(
  pod: PodView,
  kind: string,
  mounts: readonly Mount[],
  folders: ReadonlyMap<string, string>,
): string | undefined {
  if (!pod.get('hostNetwork').is(true)) return undefined;
  if (kind === 'DaemonSet') return 'hostNetwork: true in a DaemonSet';
  const written = mounts.find(({ name, isReadOnly }) => !isReadOnly && folders.has(name));
  return written && `hostNetwork: true, and it may write to ${folders.get(written.name)} of the host`;
}
