import { profiles } from '../session.js';
import type { Io } from './io.js';

/** `kubemend profiles`: prints what there is to ask for. */
export function listProfiles({ stdout }: Io): number {
  stdout.write(profiles.map(formatProfile).join('\n'));
  return 0;
}

function formatProfile({ name, about, transforms }: (typeof profiles)[number]): string {
  const ids = Object.keys(transforms);
  const width = Math.max(...ids.map((id) => id.length));
  const rows = Object.entries(transforms).map(([id, { why, settings = {} }]) => {
    const told = Object.entries(settings).map(([key, value]) => ` [${id}.${key}=${value}]`);
    return `  ${id.padEnd(width)}  ${why}${told.join('')}\n`;
  });
  return `${name}: ${about}\n${rows.join('')}`;
}
