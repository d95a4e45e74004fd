import type { Controls } from '../types.js';
import data from './controls.json' with { type: 'json' };

const CONTROLS: Readonly<Record<string, Controls>> = data as Record<string, Controls>;

/** The ids in other catalogues of what a transform fixes or finds, broad ones aside; none for one that no catalogue knows. */
export function controlsOf(transform: string): Controls {
  return Object.hasOwn(CONTROLS, transform) ? (CONTROLS[transform] ?? {}) : {};
}
