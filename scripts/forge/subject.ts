import { createGitea } from '../../src/pr/forge/gitea/adapter.js';
import { type Answered, type Asked, FaultyServer } from '../../test/pr/forge/faulty-server.js';
import { accessOf, hurried, type Seen, type Subject } from '../../test/pr/forge/subject.js';

export interface RunningGitea {
  readonly url: string;
  readonly bot: string;
  readonly other: string;
}

/** An administrator may set the most that a page holds; making fifty pull requests takes minutes. */
const PAGE_SIZE = 10;

interface Pull {
  readonly labels: readonly { readonly name: string }[];
  readonly assignees: readonly { readonly login: string }[] | null;
  readonly requested_reviewers: readonly { readonly login: string }[] | null;
  readonly milestone: { readonly title: string } | null;
  readonly comments: number;
}

/** The rows' view of a real Gitea, behind a server that passes on what is not to go wrong. */
export function subjectOf({ url, bot, other }: RunningGitea): Subject {
  const tokens = { bot, other, nobody: '0'.repeat(40) };
  const server = new FaultyServer((asked) => pass(url, asked));
  let made = 0;

  async function api<T>(method: string, path: string, body?: object): Promise<T> {
    const headers = { authorization: `token ${bot}`, 'content-type': 'application/json' };
    const response = await fetch(`${url}/api/v1${path}`, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return (text ? JSON.parse(text) : undefined) as T;
  }

  /** Makes `colleague`, once. */
  let people: Promise<unknown> | undefined;
  const colleague = {
    username: 'colleague',
    email: 'colleague@example.com',
    password: 'colleague-pw-12345',
    must_change_password: false,
  };

  async function repository({ isEmpty = false, isArchived = false } = {}): Promise<string> {
    people ??= api('POST', '/admin/users', colleague);
    await people;
    const name = `rows-${++made}`;
    await api('POST', '/user/repos', { name, auto_init: !isEmpty, default_branch: 'main', default_merge_style: 'rebase' });
    await api('PUT', `/repos/bot/${name}/collaborators/colleague`, { permission: 'write' });
    if (isArchived) await api('PATCH', `/repos/bot/${name}`, { archived: true });
    return `bot/${name}`;
  }

  async function branch(of: string, name: string): Promise<void> {
    const content = Buffer.from(name).toString('base64');
    const as = of.startsWith('other/') ? { author: { name: 'other', email: 'other@example.com' } } : {};
    await api('POST', `/repos/${of}/contents/${encodeURIComponent(name)}.txt`, {
      content,
      branch: 'main',
      new_branch: name,
      ...as,
    });
  }

  async function merge(of: string, number: number): Promise<void> {
    // It is computed in the background whether it can be.
    for (let tries = 0; ; tries++) {
      try {
        return await api('POST', `/repos/${of}/pulls/${number}/merge`, { Do: 'merge' });
      } catch (error) {
        if (tries === 50 || !String(error).includes('405')) throw error;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  }

  async function see(of: string, number: number): Promise<Seen> {
    const pull = await api<Pull>('GET', `/repos/${of}/pulls/${number}`);
    const events = await api<readonly { readonly type: string }[]>('GET', `/repos/${of}/issues/${number}/timeline`);
    return {
      labels: pull.labels.map(({ name }) => name),
      assignees: (pull.assignees ?? []).map(({ login }) => login),
      reviewers: (pull.requested_reviewers ?? []).map(({ login }) => login),
      ...(pull.milestone ? { milestone: pull.milestone.title } : {}),
      comments: pull.comments,
      hasAutoMerge: events.some(({ type }) => type === 'pull_scheduled_merge'),
    };
  }

  return {
    kind: 'gitea',
    server,
    pageSize: PAGE_SIZE,
    forge: (of, as = 'bot', maxWait, tuning) =>
      createGitea(accessOf(server.url, of, tokens[as], maxWait), hurried({ timeout: 20_000, ...tuning })),
    repository,
    branch,
    fill: async (of, heads) => {
      for (const head of heads) {
        await branch(of, head);
        await api('POST', `/repos/${of}/pulls`, { title: head, base: 'main', head });
      }
    },
    talk: async (of, number, comments) => {
      for (const body of comments) await api('POST', `/repos/${of}/issues/${number}/comments`, { body });
    },
    deleteBranch: (of, name) => api('DELETE', `/repos/${of}/branches/${encodeURIComponent(name)}`),
    merge,
    rename: async (of) => {
      const name = `renamed-${++made}`;
      await api('PATCH', `/repos/${of}`, { name });
      return `bot/${name}`;
    },
    archive: (of) => api('PATCH', `/repos/${of}`, { archived: true }),
    milestone: (of, title) => api('POST', `/repos/${of}/milestones`, { title }),
    allowAutoMerge: async (of, name) => {
      const { commit } = await api<{ commit: { id: string } }>('GET', `/repos/${of}/branches/${encodeURIComponent(name)}`);
      await api('POST', `/repos/${of}/statuses/${commit.id}`, { state: 'pending', context: 'ci' });
    },
    see,
    labels: async (of) => (await api<readonly { name: string }[]>('GET', `/repos/${of}/labels`)).map(({ name }) => name),
  };
}

async function pass(url: string, { method, url: asked, headers, body }: Asked): Promise<Answered> {
  const { pathname } = asked;
  const search = asked.search.replace(/\blimit=\d+/, `limit=${PAGE_SIZE}`);
  const { authorization = '', 'content-type': type = 'application/json' } = headers;
  const sent = { authorization, 'content-type': type };
  const request = { method, headers: sent, redirect: 'manual', ...(body ? { body: JSON.stringify(body) } : {}) } as const;
  const response = await fetch(`${url}${pathname}${search}`, request);
  const kept = ['content-type', 'link', 'x-total-count', 'location'].flatMap((name) => {
    const value = response.headers.get(name);
    return value ? [[name, value] as const] : [];
  });
  const text = await response.text();
  return { status: response.status, headers: Object.fromEntries(kept), ...(text ? { body: text } : {}) };
}
