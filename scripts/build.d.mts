import type { BuildOptions, BuildResult } from 'esbuild';

type Built = BuildResult<{ metafile: true; write: true }>;
export function buildLibrary(outfile: string, options?: BuildOptions): Promise<Built>;
export function buildCommand(outdir: string, entryPoints?: Readonly<Record<string, string>>): Promise<Built>;
