import path from 'node:path';
import type { WorkRepository } from '../pr/git/types.js';
import { visible } from '../report/visible.js';
import type { createSession } from '../session.js';
import { configure } from './configured.js';
import type { Io } from './io.js';
import type { PrOptions } from './pr-options.js';
import type { Place, World } from './pr-place.js';
import { settingsOf, type Wanted } from './pr-settings.js';
import type { Screen } from './screen.js';

/** What a command has besides its options. */
export interface Context {
  readonly io: Io;
  readonly screen: Screen;
  readonly sessionFrom: typeof createSession;
  readonly world: World;
  readonly signal: AbortSignal;
  /** A new folder, which is removed in the end. */
  temporary(): string;
}

interface Base {
  readonly work: WorkRepository;
  readonly folder: string;
  readonly wanted: Wanted;
  readonly configured: ReturnType<typeof configure>;
}

/** The commit to start from, its files and what its configuration says, which may name another base or author. */
export async function openBase(options: PrOptions, place: Place, context: Context): Promise<Base> {
  const { io, screen } = context;
  const { config: named, base, author, ...asked } = options;
  const config = typeof named === 'string' ? path.resolve(io.cwd, named) : named;
  let from: Pick<Wanted, 'base' | 'author'> = { ...(base !== undefined && { base }), ...(author !== undefined && { author }) };
  for (;;) {
    const work = await place.open(from.base, from.author);
    const folder = path.join(context.temporary(), 'tree');
    const { left } = await work.materialise(folder);
    const configured = configure({ ...asked, ...(config !== undefined && { config }), paths: ['.'] }, { cwd: folder });
    // Who is named by one branch names no other: two that name one another would have no end.
    const wanted = settingsOf({ ...options, ...(from.base !== undefined && { base: from.base }) }, configured.run.pr);
    const isSame = (wanted.base ?? work.base.branch) === work.base.branch && wanted.author === from.author;
    if (isSame) {
      for (const { path: file, why } of left) screen.say(`${visible(file)}: ${visible(why)}\n`);
      return { work, folder, wanted, configured };
    }
    work.close();
    from = wanted;
  }
}
