/** The way from a folder to a file in it, both resolved; `undefined` where it is not in it. */
export function pathFrom(folder: string, file: string): string | undefined {
  if (folder === '') return file.startsWith('../') ? undefined : file;
  return file.startsWith(`${folder}/`) ? file.slice(folder.length + 1) : undefined;
}

/** Whether a file or folder is another one, or in it; both resolved. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || pathFrom(folder, path) !== undefined;
}

/** What a pattern of `.gitignore` surely names: the folders before its first wildcard. One without a slash is for every folder. */
export function areaOf(pattern: string): string {
  const parts = pattern.replace(/\/$/, '').split('/');
  if (parts.length === 1) return '';
  const wild = parts.findIndex((part) => /[*?[\\]/.test(part));
  return (wild < 0 ? parts : parts.slice(0, wild)).join('/').replace(/^\//, '');
}
