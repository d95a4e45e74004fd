import type { Server } from './server.js';

/** A pull request, as the server itself tells of it. */
export interface Told {
  readonly number: number;
  readonly state: 'open' | 'closed';
  readonly merged: boolean;
  readonly title: string;
  readonly body: string;
  readonly draft: boolean;
  readonly html_url: string;
  readonly head: { readonly ref: string; readonly label: string; readonly sha: string };
  readonly base: { readonly ref: string };
  readonly labels: readonly { readonly name: string }[];
  readonly assignees: readonly { readonly login: string }[] | null;
  readonly requested_reviewers: readonly { readonly login: string }[] | null;
  readonly milestone: { readonly title: string } | null;
}

/** The API of the server, by no client of ours: what kubemend did is checked from outside. */
export function createApi({ url, token }: Pick<Server, 'url' | 'token'>) {
  async function ask(method: string, path: string, body?: unknown): Promise<{ readonly status: number; readonly data: unknown }> {
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: { Authorization: `token ${token}`, 'Content-Type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, data: text === '' ? undefined : JSON.parse(text) };
  }

  /** @throws where the server says no */
  async function must<Data = unknown>(method: string, path: string, body?: unknown): Promise<Data> {
    const { status, data } = await ask(method, path, body);
    if (status >= 400) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(data)}`);
    return data as Data;
  }

  return {
    ask,
    must,
    pulls: (repository: string) => must<readonly Told[]>('GET', `/repos/${repository}/pulls?state=all&limit=50`),
    comments: (repository: string, number: number) =>
      must<readonly { readonly body: string }[]>('GET', `/repos/${repository}/issues/${number}/comments`),
    branches: async (repository: string) =>
      (await must<readonly { readonly name: string }[]>('GET', `/repos/${repository}/branches?limit=50`))
        .map(({ name }) => name)
        .sort(),
    /** Waits until the server knows that there are commits. */
    async filled(repository: string): Promise<void> {
      for (let attempt = 0; attempt < 100; attempt++) {
        const { empty } = await must<{ readonly empty: boolean }>('GET', `/repos/${repository}`);
        if (!empty) return;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      throw new Error(`${repository} stays empty`);
    },
    /** Merges as a person does who presses the button, once the server has found out that it can. */
    async merge(repository: string, number: number): Promise<void> {
      for (let attempt = 0; attempt < 100; attempt++) {
        const { status } = await ask('POST', `/repos/${repository}/pulls/${number}/merge`, { Do: 'merge' });
        if (status < 400) return;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      throw new Error(`${repository}#${number} cannot be merged`);
    },
  };
}

export type Api = ReturnType<typeof createApi>;
