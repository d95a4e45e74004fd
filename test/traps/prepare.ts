import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { vi } from 'vitest';
import type { FailingCall, Preparation } from './trap.js';

/** Brings a folder, or the disk below it, into the state of a trap. Returns what takes the disk's part of it back. */
export function prepare(folder: string, steps: readonly Preparation[]): () => void {
  for (const step of steps) prepareOne(folder, step);
  return () => vi.restoreAllMocks();
}

function prepareOne(folder: string, step: Preparation): void {
  if (step.do === 'link') fs.symlinkSync(step.to, path.join(folder, step.path));
  else if (step.do === 'mode') fs.chmodSync(path.join(folder, step.path), Number.parseInt(step.mode, 8));
  else if (step.do === 'leave-behind') leaveBehind(path.join(folder, step.folder));
  else if (step.do === 'fail') failCalls(step.call, step.on, step.nth, step.code);
  else saveMeanwhile(path.join(folder, step.path), step.text);
}

/** The temporary file of a run that was killed before it could take it away. */
function leaveBehind(folder: string): void {
  const { pid } = spawnSync(process.execPath, ['--version']);
  const host = os.hostname().replace(/[^\w.-]/g, '_');
  fs.writeFileSync(path.join(folder, `.kubemend-${host}-${pid}-1.tmp`), 'half a manif');
}

/** Which file a descriptor belongs to: a full disk answers to writes, which name none. */
function followDescriptors(): Map<number, string> {
  const open = new Map<number, string>();
  const openSync = fs.openSync;
  vi.spyOn(fs, 'openSync').mockImplementation((...args: Parameters<typeof fs.openSync>) => {
    const descriptor = openSync(...args);
    open.set(descriptor, String(args[0]));
    return descriptor;
  });
  return open;
}

/** Fails as the system does, the `nth` time or, without one, every time. */
function failCalls(call: FailingCall, on: string, nth: number | undefined, code: string): void {
  const descriptors = call === 'openSync' ? undefined : followDescriptors();
  const original = fs[call] as (...args: unknown[]) => unknown;
  let times = 0;
  vi.spyOn(fs, call).mockImplementation(((...args: unknown[]) => {
    const [target] = args;
    const file = typeof target === 'number' ? (descriptors?.get(target) ?? '') : String(target);
    if (!file.includes(on) || (nth !== undefined && ++times !== nth)) return original(...args);
    throw Object.assign(new Error(`${code}: as asked for, ${call}`), { code, syscall: call });
  }) as never);
}

/** The last moment: the new text is on the disk, under another name. */
function saveMeanwhile(file: string, text: string): void {
  const descriptors = followDescriptors();
  const fsyncSync = fs.fsyncSync;
  let isDone = false;
  vi.spyOn(fs, 'fsyncSync').mockImplementation((descriptor) => {
    fsyncSync(descriptor);
    if (isDone || path.dirname(descriptors.get(descriptor) ?? '') !== path.dirname(file)) return;
    isDone = true;
    fs.writeFileSync(file, text);
  });
}
