/** An entry of a commit's tree, folders opened. */
export interface TreeEntry {
  /** `100644`, `100755`, `120000` a link, `160000` a submodule. */
  readonly mode: string;
  readonly id: string;
  /** From the top, with `/`; `undefined` where it is not UTF-8. */
  readonly path: string | undefined;
}

const STRICT = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Reads what `git ls-tree -r -z` prints. */
export function readEntries(output: Uint8Array): readonly TreeEntry[] {
  const entries: TreeEntry[] = [];
  for (let at = 0; at < output.length; ) {
    const end = output.indexOf(0, at);
    const tab = output.indexOf(0x09, at);
    const [mode = '', , id = ''] = Buffer.from(output.subarray(at, tab)).toString('latin1').split(' ');
    entries.push({ mode, id, path: decode(output.subarray(tab + 1, end)) });
    at = end + 1;
  }
  return entries;
}

function decode(name: Uint8Array): string | undefined {
  try {
    return STRICT.decode(name);
  } catch {
    return undefined;
  }
}

export function isRegular({ mode }: TreeEntry): boolean {
  return mode.startsWith('100');
}

/** Unicode that HFS+ leaves out of names, so that `.g\u200cit` is `.git` there. */
const IGNORED = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g;
const GIT = /^(?:\.git|git~\d+)[. ]*(?::.*)?$/is;
/** Devices of Windows, whatever ending they have. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:[ .:]|$)/i;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is meant
const NOT_ON_WINDOWS = /[\u0000-\u001f<>:"|?*\\]|[. ]$/;

/** Why a file of that path must not be made on this system; `undefined` where it may. */
export function unsafePath(path: string, isWindows: boolean): string | undefined {
  for (const part of path.split('/')) {
    if (part === '' || part === '.' || part === '..') return 'its path leads elsewhere';
    if (GIT.test(part.replace(IGNORED, ''))) return "a part of its path is git's own";
    if (isWindows && (DEVICE.test(part) || NOT_ON_WINDOWS.test(part))) return 'Windows cannot have a file of that name';
  }
  return undefined;
}
