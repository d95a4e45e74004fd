import { ForgeError } from '../types.js';

/** Paths of the projects that hold the heads of merge requests, each asked for once. */
export class Heads {
  private readonly known = new Map<number, Promise<string | undefined>>();

  constructor(private readonly ask: (id: number) => Promise<string>) {}

  /** @returns nothing for a fork that is gone or private */
  pathOf(id: number): Promise<string | undefined> {
    const path = this.known.get(id) ?? this.ask(id).catch(noneOf);
    this.known.set(id, path);
    return path;
  }
}

function noneOf(error: unknown): undefined {
  if (!(error instanceof ForgeError) || (error.code !== 'NOT_FOUND' && error.code !== 'FORBIDDEN')) throw error;
}
