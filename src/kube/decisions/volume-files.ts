import type { Risk } from '../../core/finding.js';
import { isObject, type Json } from '../../core/json.js';
import type { ContainerView, TransformContext } from '../types.js';
import { listOf, stringsIn } from './deviations.js';
import { BYPASS, bypasses } from './host-files.js';
import { type KnownImage, knowImage } from './image.js';
import { findStartingUser } from './user.js';

/*
 * Files in volumes that are not root's. Without CAP_DAC_OVERRIDE root opens those of others only as far as their modes let anyone, or the
 * group of the volume (`fsGroup`), which every process of the pod is in.
 */

/** What a container may find there. */
export interface VolumeDoubt {
  /** At least this, where its image is known to need no capability. */
  readonly risk: Exclude<Risk, 'low'>;
  readonly reason: string;
}

export interface VolumeFiles {
  /**
   * Why a container that is root, or may be, could need DAC_OVERRIDE for what it mounts.
   * @param image what is known of it, where that holds here
   */
  findDoubt(container: ContainerView, image: KnownImage | undefined): VolumeDoubt | undefined;
}

/** How long what is in a volume stays: with the pod, or beyond it. What the kubelet makes, and nobody writes, is neither. */
type Life = 'pod' | 'beyond';

/** A container that writes to a volume, with what it leaves there of others; `chown` where its command gives files away. */
interface Writer {
  readonly container: ContainerView;
  readonly how: 'chown' | 'user';
  readonly words: string;
}

/** Looks at the volumes once for all containers of the pod, when the first of them asks. */
export function readVolumeFiles({ pod, containers }: Pick<TransformContext, 'pod' | 'containers'>): VolumeFiles {
  let lives: ReadonlyMap<string, Life | undefined> | undefined;
  let writers: ReadonlyMap<string, readonly Writer[]> | undefined;
  let isHidden: boolean | undefined;
  const hasGroup = pod.get('securityContext.fsGroup').state !== 'absent';
  const inVolume = (container: ContainerView, { name, isReadOnly }: Mount): Found | undefined => {
    lives ??= readLives(pod.get('volumes').value, pod.claims);
    // What is not among the volumes comes from elsewhere.
    const life = lives.has(name) ? lives.get(name) : 'beyond';
    if (life === undefined) return undefined;
    writers ??= readWriters(containers);
    const others = writers.get(name)?.filter((writer) => writer.container !== container) ?? [];
    const [other] = others.toSorted((a, b) => (a.how < b.how ? -1 : a.how > b.how ? 1 : 0));
    if (other?.how === 'chown')
      return { risk: 'high', reason: `${other.words.replace('%', `volume "${name}"`)}; ${LIKE_OTHERS}`, isShared: true };
    // The group may read what others write, but write it only where they let it.
    if (other !== undefined && !(hasGroup && isReadOnly))
      return { risk: 'medium', reason: `volume "${name}" is also written by ${other.words}; ${LIKE_OTHERS}`, isShared: true };
    isHidden ??= pod.hidesContainers;
    if (isHidden) return doubtIt(`containers that cannot be read here may write to volume "${name}"`);
    const isOwn = life === 'pod' || hasGroup;
    return isOwn ? undefined : doubtIt(`volume "${name}" may hold files of other users; ${LIKE_OTHERS}`);
  };
  return {
    findDoubt(container, image) {
      const { state } = container.get('volumeMounts');
      if (state === 'absent' || bypasses(container, image)) return undefined;
      if (state === 'opaque') return doubtIt('what it mounts cannot be read here');
      // Of such as collect logs it is documented that they open those of others by it.
      const opens = BYPASS.some((name) => image?.facts.sometimes?.includes(name));
      const doubts = mountsOf(container).flatMap((mount) => inVolume(container, mount) ?? []);
      const worst = doubts.find(({ risk, isShared }) => risk === 'high' || (opens && isShared));
      return worst === undefined ? doubts[0] : { ...worst, risk: 'high' };
    },
  };
}

interface Found extends VolumeDoubt {
  /** Whether another container of the pod writes there. */
  readonly isShared: boolean;
}

function doubtIt(reason: string): Found {
  return { risk: 'medium', reason, isShared: false };
}

const LIKE_OTHERS = 'without DAC_OVERRIDE root is a user like any other there';

interface Mount {
  readonly name: string;
  readonly isReadOnly: boolean;
}

function mountsOf(container: ContainerView): readonly Mount[] {
  return listOf(container.get('volumeMounts').value).flatMap((mount) =>
    isObject(mount) && typeof mount.name === 'string' ? [{ name: mount.name, isReadOnly: mount.readOnly === true }] : [],
  );
}

/** What the kubelet fills, as root. Folders of the host are asked for elsewhere: see host-files.ts. */
const FILLED: readonly string[] = ['configMap', 'downwardAPI', 'gitRepo', 'hostPath', 'image', 'projected', 'secret'];

function readLives(volumes: Json | undefined, claims: readonly string[]): ReadonlyMap<string, Life | undefined> {
  const lives = new Map<string, Life | undefined>();
  for (const volume of listOf(volumes))
    if (isObject(volume) && typeof volume.name === 'string') lives.set(volume.name, readLife(volume));
  for (const claim of claims) lives.set(claim, 'beyond');
  return lives;
}

function readLife(volume: { readonly [key: string]: Json }): Life | undefined {
  const sources = Object.keys(volume).filter((key) => key !== 'name');
  if (sources.some((source) => FILLED.includes(source))) return undefined;
  if (isObject(volume.csi) && volume.csi.readOnly === true) return undefined;
  return sources.every((source) => source === 'emptyDir' || source === 'ephemeral') ? 'pod' : 'beyond';
}

/** Those who may leave files of others in a volume, by its name: of each sort two, of whom one is not the one that asks. */
function readWriters(containers: readonly ContainerView[]): ReadonlyMap<string, readonly Writer[]> {
  const writers = new Map<string, Writer[]>();
  for (const container of containers) {
    const mounts = mountsOf(container).filter(({ isReadOnly }) => !isReadOnly);
    const writer = mounts.length === 0 ? undefined : readWriter(container);
    if (writer === undefined) continue;
    for (const name of new Set(mounts.map((mount) => mount.name))) {
      const known = writers.get(name);
      if (known === undefined) writers.set(name, [writer]);
      else if (known.filter(({ how }) => how === writer.how).length < 2) known.push(writer);
    }
  }
  return writers;
}

function readWriter(container: ContainerView): Writer | undefined {
  const { subject } = container;
  const known = knowImage(container);
  const { isRoot } = findStartingUser(container, known);
  const text = commandsOf(container);
  const owner = isRoot === false ? undefined : findOwner(text);
  if (owner !== undefined) return { container, how: 'chown', words: `${subject} gives files of % to ${owner}` };
  if (isRoot === undefined) return { container, how: 'user', words: `${subject}, as whom is not known` };
  if (!isRoot) return { container, how: 'user', words: `${subject}, as ${userOf(container, known)}` };
  return leavesOwn(known, text)
    ? undefined
    : { container, how: 'user', words: `${subject}, which may leave files of other users there` };
}

function userOf(container: ContainerView, known: KnownImage | undefined): string {
  const { value } = container.effective('runAsUser');
  const user = known?.facts.user;
  const id = value ?? (typeof user === 'object' ? user?.uid : user);
  return typeof id === 'number' && id !== 0 ? `user ${id}` : 'another user';
}

/** Whether what root writes there stays root's: by what is known of the start, or by the command that takes its place. */
function leavesOwn(known: KnownImage | undefined, text: string): boolean {
  if (known?.isTrusted && known.runsEntrypoint) {
    const { capabilities } = known.facts;
    return capabilities !== undefined && !capabilities.some((name) => name === 'CHOWN' || name === 'SETUID');
  }
  return text !== '' && !OTHERS.test(text);
}

/** Programs by which root writes files of others, changes who may open them, or becomes someone else. */
const OTHERS =
  /(?:^|[\s;&|(/])(?:bsdtar|chgrp|chmod|cp|git|gosu|install|mv|rsync|runuser|setfacl|setpriv|su|su-exec|sudo|tar|unzip)(?=[\s;&|)]|$)/;

function commandsOf(container: ContainerView): string {
  const fields = ['command', 'args', 'lifecycle.postStart.exec.command'];
  return fields.flatMap((field) => stringsIn(listOf(container.get(field).value))).join(' ');
}

/** To whom a command gives files, root aside; a group alone changes nothing for their owner. */
const CHOWN = /(?:^|[\s;&|(/])chown(?:\s+-\S+){0,8}\s+["']?([^\s:."']*)/g;

function findOwner(text: string): string | undefined {
  for (const [, owner = ''] of text.matchAll(CHOWN)) {
    // A name, or what a variable stands for, is nobody's business.
    if (owner !== '' && owner !== 'root' && owner !== '0') return /^\d{1,10}$/.test(owner) ? `user ${owner}` : 'another user';
  }
  return undefined;
}
