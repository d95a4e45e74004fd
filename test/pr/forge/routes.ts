import type { Answered, Asked } from './faulty-server.js';

type Handle = (asked: Asked, ...parts: string[]) => Answered;
/** `POST /repos/:owner/:repo/pulls` and who answers; a part that is named is handed over, decoded. */
export type Routes = Readonly<Record<string, Handle>>;

/** A no, thrown from within. */
export class No extends Error {
  constructor(readonly answered: Answered) {
    super();
  }
}

export function route(routes: Routes, asked: Asked, missing: Answered): Answered {
  for (const [line, handle] of Object.entries(routes)) {
    const [method, pattern = ''] = line.split(' ');
    const match = new RegExp(`^${pattern.replace(/:\w+/g, '([^/]+)')}$`).exec(asked.url.pathname);
    if (method !== asked.method || !match) continue;
    try {
      return handle(asked, ...match.slice(1).map(decodeURIComponent));
    } catch (no) {
      if (no instanceof No) return no.answered;
      throw no;
    }
  }
  return missing;
}

/** One page of a list, and the `Link` that forges add. */
export function page<T>(all: readonly T[], { url }: Asked, most = 100): Answered {
  const size = Math.min(Number(url.searchParams.get('per_page') ?? 30), most);
  const number = Number(url.searchParams.get('page') ?? 1);
  const next = new URL(url);
  next.searchParams.set('page', String(number + 1));
  const link: Record<string, string> = number * size < all.length ? { link: `<${next}>; rel="next"` } : {};
  return { status: 200, body: all.slice((number - 1) * size, number * size), headers: link };
}
