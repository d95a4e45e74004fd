/** The folder of a file; `''` for the folder that paths are relative to. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** `path` as seen from `folder`, without `.` and inner `..`. */
export function joinPath(folder: string, path: string): string {
  const parts: string[] = [];
  for (const part of [...folder.split('/'), ...path.split('/')]) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else parts.push(part);
  }
  return parts.join('/');
}

/** The same, where a path may be absolute. */
export function resolvePath(base: string, path: string): string {
  return joinPath(path.startsWith('/') ? '' : base, path);
}
