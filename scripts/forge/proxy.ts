import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What becomes of the request that opens a pull request. */
type Fault = 'pass' | 'cut-before' | 'cut-after' | 'unavailable' | 'limited';

/** A network that can be told to fail, before the server. */
export interface Proxy {
  readonly url: string;
  onOpen(fault: Fault): void;
  stop(): void;
}

export async function startProxy(target: string): Promise<Proxy> {
  let fault: Fault = 'pass';
  const { hostname, port } = new URL(target);
  const server = createServer((incoming, outgoing) => {
    const isOpen = incoming.method === 'POST' && /\/api\/v1\/repos\/[^/]+\/[^/]+\/pulls$/.test(incoming.url ?? '');
    if (isOpen && fault === 'cut-before') incoming.socket.destroy();
    else if (isOpen && fault === 'unavailable') answer(outgoing, 503);
    else if (isOpen && fault === 'limited') answer(outgoing, 429, { 'Retry-After': '3600' });
    else forward(incoming, outgoing, { hostname, port }, isOpen && fault === 'cut-after');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    onOpen(next) {
      fault = next;
    },
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}

function answer(outgoing: ServerResponse, status: number, headers: Readonly<Record<string, string>> = {}): void {
  outgoing.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end('{"message":"not now"}');
}

/** @param isCut whether the answer never arrives, although the server has done what it was asked */
function forward(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { hostname, port }: { readonly hostname: string; readonly port: string },
  isCut: boolean,
): void {
  const { method, url: path, headers } = incoming;
  const passed = request({ hostname, port, method, path, headers }, (response) => {
    if (isCut) {
      response.resume().on('end', () => incoming.socket.destroy());
      return;
    }
    outgoing.writeHead(response.statusCode ?? 502, response.headers);
    response.pipe(outgoing);
  });
  passed.on('error', () => incoming.socket.destroy());
  incoming.pipe(passed);
}
