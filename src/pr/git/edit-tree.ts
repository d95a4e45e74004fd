import { UsageError } from '../../core/errors.js';
import { visible } from '../../report/visible.js';
import { readBatch, writeObjects } from './objects.js';
import type { Run } from './run.js';

/** A folder that holds something to edit, and where in its tree the id of that stands. */
interface Folder {
  readonly path: string;
  readonly tree: Buffer;
  /** By the path of what is edited in it. */
  readonly places: ReadonlyMap<string, number>;
}

/**
 * The tree that another one becomes when the texts of some of its files are replaced. All else stays byte for byte as it is:
 * modes, order, and names that no file system takes, since no index and no working tree comes between.
 *
 * @param edits ids of the new texts, by path
 * @param trees what trees hold that were read before, by id
 * @param scratch a folder for files of ours
 * @returns the id of the new one
 * @throws {UsageError} where there is no regular file of such a path
 */
export async function editTree(
  run: Run,
  root: string,
  edits: ReadonlyMap<string, string>,
  trees: Map<string, Buffer>,
  scratch: string,
): Promise<string> {
  if (edits.size === 0) return root;
  const levels = await openFolders(run, root, edits, trees);
  /** Of texts and folders, by path. */
  const ids = new Map(edits);
  for (const folders of levels.reverse()) {
    const made = folders.map(({ tree, places }) => {
      const edited = Buffer.from(tree);
      for (const [path, at] of places) edited.write(ids.get(path) as string, at, 'hex');
      return edited;
    });
    const written = await writeObjects(run, 'tree', made, scratch);
    for (const [index, { path }] of folders.entries()) {
      ids.set(path, written[index] as string);
      trees.set(written[index] as string, made[index] as Buffer);
    }
  }
  return ids.get(TOP) as string;
}

const TOP = '';

/** The folders that hold what is edited, the top first, then by depth. */
async function openFolders(
  run: Run,
  root: string,
  edits: ReadonlyMap<string, string>,
  trees: Map<string, Buffer>,
): Promise<Folder[][]> {
  const wanted = namesByFolder(edits.keys());
  const levels: Folder[][] = [];
  let next = new Map([[TOP, root]]);
  while (next.size > 0) {
    const missing = [...new Set(next.values())].filter((id) => !trees.has(id));
    if (missing.length > 0) for (const [id, tree] of await readBatch(run, missing)) trees.set(id, Buffer.from(tree));
    const level: Folder[] = [];
    const below = new Map<string, string>();
    for (const [path, id] of next) {
      const tree = trees.get(id) as Buffer;
      const places = new Map<string, number>();
      for (const inside of wanted.get(path) ?? []) {
        const isFolder = wanted.has(inside);
        const at = placeOf(tree, inside.slice(path === TOP ? 0 : path.length + 1), isFolder, root.length / 2);
        if (at === undefined) throw notThere(isFolder ? firstBelow(inside, edits) : inside);
        places.set(inside, at);
        if (isFolder) below.set(inside, tree.toString('hex', at, at + root.length / 2));
      }
      level.push({ path, tree, places });
    }
    levels.push(level);
    next = below;
  }
  return levels;
}

/** By the path of each folder, the paths of what is to be edited just in it: files and folders. */
function namesByFolder(paths: Iterable<string>): ReadonlyMap<string, ReadonlySet<string>> {
  const folders = new Map<string, Set<string>>();
  for (const path of paths) {
    for (let inside = path; inside !== TOP; ) {
      const folder = inside.slice(0, Math.max(0, inside.lastIndexOf('/')));
      const names = folders.get(folder) ?? new Set();
      folders.set(folder, names.add(inside));
      inside = folder;
    }
  }
  return folders;
}

const SPACE = 0x20;

/**
 * Where the id of an entry stands in a tree, which is `MODE NAME\0ID`, one after the other.
 *
 * @param width bytes of an id
 */
function placeOf(tree: Buffer, name: string, isFolder: boolean, width: number): number | undefined {
  const wanted = Buffer.from(name);
  for (let at = 0; at < tree.length; ) {
    const space = tree.indexOf(SPACE, at);
    const end = tree.indexOf(0, space);
    if (tree.subarray(space + 1, end).equals(wanted)) {
      const isRight = (isFolder ? /^0?40000$/ : /^100\d{3}$/).test(tree.toString('latin1', at, space));
      return isRight ? end + 1 : undefined;
    }
    at = end + 1 + width;
  }
  return undefined;
}

function firstBelow(folder: string, edits: ReadonlyMap<string, string>): string {
  return [...edits.keys()].find((path) => path.startsWith(`${folder}/`)) ?? folder;
}

function notThere(path: string): UsageError {
  return new UsageError(`"${visible(path)}" is no regular file in the commit that the branch starts from`);
}
