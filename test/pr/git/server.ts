import { spawn } from 'node:child_process';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import process from 'node:process';
import { onTestFinished } from 'vitest';

/** What a server was asked. */
interface Asked {
  readonly url: string;
  readonly authorization: readonly string[];
}

/** Answers instead of git; returns whether it did. */
export type Answer = (request: IncomingMessage, response: ServerResponse) => boolean;

export interface GitServer {
  /** `http://127.0.0.1:PORT/NAME`: the name of the repository's folder. */
  readonly url: string;
  readonly asked: readonly Asked[];
  answer: Answer;
}

/** Serves a bare repository over HTTP as git itself does. */
export async function serve(folder: string, answer: Answer = () => false): Promise<GitServer> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const { url = '', headersDistinct } = request;
    asked.push({ url, authorization: headersDistinct.authorization ?? [] });
    if (!served.answer(request, response)) runBackend(folder, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const served: GitServer = { url: `http://127.0.0.1:${port}/${path.basename(folder)}`, asked, answer };
  return served;
}

/** The Common Gateway Interface of `git http-backend`. */
function runBackend(folder: string, request: IncomingMessage, response: ServerResponse): void {
  const { pathname, search } = new URL(request.url ?? '', 'http://localhost');
  const child = spawn('git', ['-c', 'http.receivepack=true', 'http-backend'], {
    env: {
      ...process.env,
      GIT_PROJECT_ROOT: path.dirname(folder),
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: pathname,
      QUERY_STRING: search.slice(1),
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
      GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
    },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  request.pipe(child.stdin);
  child.stdin.on('error', () => undefined);
  const parts: Buffer[] = [];
  child.stdout.on('data', (part: Buffer) => parts.push(part));
  child.on('close', () => {
    const output = Buffer.concat(parts);
    const end = output.indexOf('\r\n\r\n');
    let status = 200;
    for (const line of output.toString('latin1', 0, end).split('\r\n')) {
      const [, name = '', value = ''] = /^([^:]+): (.*)$/.exec(line) ?? [];
      if (name === 'Status') status = Number.parseInt(value, 10);
      else response.setHeader(name, value);
    }
    response.writeHead(status).end(output.subarray(end + 4));
  });
}
