import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** What a registry was asked. */
interface Asked {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  readonly accept: string | undefined;
}

export interface FakeRegistry {
  /** `localhost:40123` */
  readonly host: string;
  readonly asked: readonly Asked[];
  /** Of `/token`, without its path. */
  readonly queries: readonly string[];
}

export type Answer = (request: IncomingMessage, response: ServerResponse, host: string) => void;

export const MANIFEST = JSON.stringify({ schemaVersion: 2, manifests: [] });
export const TYPE = 'application/vnd.oci.image.index.v1+json';
export const DIGEST = `sha256:${createHash('sha256').update(MANIFEST).digest('hex')}`;

/** A registry on this machine, which answers as it is told. */
export async function startRegistry(answer: Answer): Promise<FakeRegistry> {
  const asked: Asked[] = [];
  const queries: string[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://x');
    const { authorization, accept } = request.headers;
    asked.push({ method: request.method ?? '', path: url.pathname, authorization, accept });
    if (url.pathname === '/token') queries.push(url.search);
    answer(request, response, host);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `localhost:${(server.address() as AddressInfo).port}`;
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { host, asked, queries };
}

/** A manifest with these headers, such as the one that names its digest. */
export function manifestWith(headersFor: (method: string) => Record<string, string>): Answer {
  return (request, response) => {
    response.writeHead(200, { 'content-type': TYPE, ...headersFor(request.method ?? '') });
    response.end(request.method === 'HEAD' ? undefined : MANIFEST);
  };
}

export const sendManifest: Answer = manifestWith(() => ({ 'docker-content-digest': DIGEST }));

/** Asks for a token from `/token`, and takes the one that it gives. */
export function withToken(serve: Answer, token = 'abc', realm = (host: string) => `http://${host}/token`): Answer {
  return (request, response, host) => {
    if (request.url?.startsWith('/token')) {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ token }));
    } else if (request.headers.authorization !== `Bearer ${token}`) {
      response
        .writeHead(401, {
          'www-authenticate': `Bearer realm="${realm(host)}",service="registry.example.com",scope="repository:*:push"`,
        })
        .end('{"errors":[]}');
    } else serve(request, response, host);
  };
}
