import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { git } from '../discover/tree.js';

interface HistoryObject {
  readonly name: string;
  tag: number;
  /** Entries at its end, so that lines go and come there, too. */
  ports: number;
  note: string;
}

interface HistoryFile {
  readonly id: number;
  path: string;
  readonly isList: boolean;
  eol: '\n' | '\r\n';
  hasLastBreak: boolean;
  readonly objects: HistoryObject[];
}

/** The text of each object, by file and name: what a file is called does not matter. */
export type Snapshot = ReadonlyMap<string, string>;

/** Numbers from 0 up to `below`, the same ones for the same seed. */
function createDraw(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** A repository to which commits are made by chance; what each of them holds is known without git and without a parser. */
export function createHistory(folder: string, seed: number) {
  const draw = createDraw(seed);
  const pick = <T>(from: readonly T[]): T => from[draw(from.length)] as T;
  const files: HistoryFile[] = [];
  let ids = 0;
  const createObject = (): HistoryObject => ({ name: `o${++ids}`, tag: 1, ports: draw(3), note: '' });
  const names = ['plain', 'with space', 'größe', 'quo"te', "it's", '-dash', 'li\nne', '[x]*'];

  const addFile = () => {
    const id = ++ids;
    const objects = Array.from({ length: 4 + draw(4) }, createObject);
    const file = `${pick(['', 'a/', 'a/b/'])}${pick(names)}-${id}.yaml`;
    files.push({ id, path: file, isList: draw(3) === 0, eol: draw(3) === 0 ? '\r\n' : '\n', hasLastBreak: draw(3) > 0, objects });
  };
  const edits: readonly ((file: HistoryFile) => void)[] = [
    (file) => void pick(file.objects).tag++,
    (file) => void pick(file.objects).ports++,
    (file) => {
      const object = pick(file.objects);
      object.ports = Math.max(0, object.ports - 1);
    },
    (file) => {
      pick(file.objects).note = `seen ${draw(100)}`;
    },
    (file) => void file.objects.splice(draw(file.objects.length + 1), 0, createObject()),
    (file) => {
      if (file.objects.length > 3) file.objects.splice(draw(file.objects.length), 1);
    },
    (file) => {
      file.eol = file.eol === '\n' ? '\r\n' : '\n';
    },
    (file) => {
      file.hasLastBreak = !file.hasLastBreak;
    },
    (file) => {
      const old = path.join(folder, file.path);
      file.path = `moved/${pick(names)}-${++ids}.yaml`;
      mkdirSync(path.join(folder, 'moved'), { recursive: true });
      renameSync(old, path.join(folder, file.path));
    },
    (file) => {
      if (files.length < 4) return;
      rmSync(path.join(folder, file.path));
      files.splice(files.indexOf(file), 1);
    },
    addFile,
  ];

  function write(): void {
    for (const file of files) {
      const target = path.join(folder, file.path);
      mkdirSync(path.dirname(target), { recursive: true });
      writeFileSync(target, render(file));
    }
  }

  for (let count = 0; count < 4; count++) addFile();
  return {
    /** Changes some files on the disk. */
    change(): void {
      const times = 1 + draw(3);
      for (let count = 0; count < times; count++) pick(edits)(pick(files));
      write();
    },
    commit(): string {
      write();
      git(folder, 'add', '-A');
      git(folder, 'commit', '-q', '--allow-empty', '-m', 'step');
      return git(folder, 'rev-parse', 'HEAD').trim();
    },
    snapshot: (): Snapshot =>
      new Map(
        files.flatMap((file) => file.objects.map((object) => [`${file.id} ${object.name}`, textOf(object, file)] as const)),
      ),
  };
}

/** The names of the objects that are not in an older snapshot as they are now. */
export function changedSince(then: Snapshot, now: Snapshot): string[] {
  return [...now].flatMap(([key, text]) => (then.get(key) === text ? [] : [key.split(' ')[1] as string])).sort();
}

/** Much of it is the file's own, so that git takes no file for another that was renamed. */
function textOf({ name, tag, ports, note }: HistoryObject, { id, eol, isList }: HistoryFile): string {
  const lines = [
    `# about ${name}`,
    'apiVersion: v1',
    'kind: Pod',
    `metadata: {name: ${name}}`,
    'spec:',
    '  containers:',
    '    - name: main',
    ...(note === '' ? [] : [`      # ${note}`]),
    `      image: registry.example.com/app-${id}:${tag}`,
    ...['A', 'B', 'C', 'D'].map((key) => `      # ${key} of the application ${id}`),
    ...(ports === 0 ? [] : ['      ports:']),
    ...Array.from({ length: ports }, (_, at) => `        - containerPort: ${8000 + at}`),
  ];
  if (!isList) return lines.join(eol);
  return lines.map((line, at) => (at === 0 ? `  ${line}` : at === 1 ? `  - ${line}` : `    ${line}`)).join(eol);
}

function render(file: HistoryFile): string {
  const texts = file.objects.map((object) => textOf(object, file));
  const body = file.isList
    ? ['apiVersion: v1', 'kind: List', 'items:', ...texts].join(file.eol)
    : texts.join(`${file.eol}---${file.eol}`);
  return body + (file.hasLastBreak ? file.eol : '');
}
