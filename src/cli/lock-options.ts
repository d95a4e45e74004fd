import { UsageError } from '../core/errors.js';
import { isRegistryHost } from '../kube/images/full-name.js';
import { append, createCommand, readCommandLine } from './command-line.js';
import { refuseInAll } from './options.js';

/** The options of `lock`, as typed in. */
export interface LockOptions {
  readonly paths: readonly string[];
  readonly check: boolean;
  readonly update: boolean;
  /** Hosts that may be asked besides the public registries. */
  readonly registry: readonly string[];
  readonly exclude: readonly string[];
  readonly includeSystem: boolean;
  readonly config?: string | false;
  readonly quiet: boolean;
  readonly color: boolean;
}

const DEFAULTS = {
  check: false,
  update: false,
  registry: [],
  exclude: [],
  includeSystem: false,
  quiet: false,
  color: true,
} as const;

const NETWORK = `
This is the one command that asks registries. It asks Docker Hub and other public ones; each other is named by --registry, which is also
how credentials may go to a host that gives its tokens. Credentials come from DOCKER_AUTH_CONFIG, as docker login writes them.

Exit codes: 0 done; 1 with --check when the lock file would change; 2 wrong usage, a file that cannot be read or written, or an image
whose digest is not known.
`;

/** @throws {UsageError} for options that do not exist, or have wrong values */
export function parseLock(argv: readonly string[]): { readonly options: LockOptions } | { readonly print: string } {
  const command = createCommand('kubemend lock')
    .usage('[options] [paths...]')
    .description('Writes the digests of the images that manifests name into kubemend.lock.yaml, for the transform pin-image.')
    .argument('[paths...]', 'files, folders or patterns (default: .)')
    .option('--check', 'write nothing and ask no registry; exit with 1 when an image is missing, or one is not used any more')
    .option('--update', 'ask for all images, not only for those that are missing; with --check, only compare')
    .option('--registry <host>', 'also ask this registry, such as registry.example.com:5000; may be repeated', append)
    .option('--exclude <glob>', 'leave these files alone, written as in .gitignore; may be repeated', append)
    .option('--include-system', 'also the images of kube-system and other system namespaces')
    .option('--config <file>', 'the configuration for all files (default: the nearest kubemend.yaml of each)')
    .option('--no-config', 'read no configuration')
    .option('--quiet', 'print what changes, and errors')
    .option('--no-color', 'print without colours')
    .addHelpText('after', NETWORK);
  const typed = readCommandLine(command, argv);
  if ('print' in typed) return typed;
  const options: LockOptions = { ...DEFAULTS, ...typed.options, paths: typed.args.length === 0 ? ['.'] : typed.args };
  refuseInAll({ ...options, verbose: false, staged: false, wholeFiles: false });
  if (options.paths.includes('-'))
    throw new UsageError('lock takes no "-": digests are kept beside files; name a file or a folder');
  for (const host of options.registry) {
    if (!isRegistryHost(host))
      throw new UsageError(`--registry takes a host, such as registry.example.com or localhost:5000, not "${host}"`);
  }
  return { options };
}
