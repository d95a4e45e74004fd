import type { Colors } from '../report/colors.js';
import { createColors } from '../report/paint.js';
import { visible } from '../report/visible.js';
import { wrap } from '../report/wrap.js';
import { profiles } from '../session.js';
import { createConfigFinder } from './config-files.js';
import type { Io } from './io.js';
import { formatRows, type Row } from './rows.js';
import { wantsColor } from './screen.js';

/**
 * `kubemend profiles`: prints what there is to ask for, with the profiles of the configuration.
 *
 * @param options whether colours may be used; the environment and the terminal have a say, too
 */
export function listProfiles({ stdout, env, cwd }: Io, options: { readonly color: boolean }): number {
  const colors = createColors(wantsColor(options, env) ?? stdout.isTerminal);
  const columns = stdout.isTerminal ? stdout.stream?.columns : undefined;
  const own = createConfigFinder({ cwd, paths: [] }).chainFor(cwd)?.profiles ?? [];
  const all = [...profiles, ...own].map((profile) => formatProfile(profile, colors, columns)).join('\n');
  stdout.write(visible(all, '\n\u001b'));
  return 0;
}

function formatProfile(
  { name, about, transforms }: (typeof profiles)[number],
  colors: Colors,
  columns: number | undefined,
): string {
  const ids = Object.keys(transforms);
  const width = Math.max(...ids.map((id) => id.length));
  const rows = Object.entries(transforms).map(([id, { why, settings = {} }]): Row => {
    const told = Object.entries(settings).map(([key, value]) => ` [${id}.${key}=${value}]`);
    return [`  ${id.padEnd(width)}  `, `${why}${told.join('')}`];
  });
  const head = wrap(`${colors.strong(name)}: ${about}`, columns).join('\n');
  return `${head}\n${formatRows(rows, width + 4, columns)}`;
}
