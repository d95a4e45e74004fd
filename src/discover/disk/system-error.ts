/** What the system said no to, without the path, which the message around it names. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOENT':
      return 'vanished while kubemend ran';
    case 'EISDIR':
      return 'is a folder';
    case 'EACCES':
    case 'EPERM':
      return 'permission denied';
    case 'ENOSPC':
      return 'no space left on the disk';
    case 'EDQUOT':
      return 'the disk quota is used up';
    case 'EROFS':
      return 'the file system is read-only';
    default:
      return code === undefined ? String(message) : `${code}: ${withoutPath(message)}`;
  }
}

/** `ELOOP: too many symbolic links encountered, stat '/a/b'` without its ends. */
function withoutPath(message: string): string {
  const start = message.indexOf(': ') + 2;
  const end = message.indexOf(', ', start);
  return message.slice(start, end < 0 ? undefined : end);
}
