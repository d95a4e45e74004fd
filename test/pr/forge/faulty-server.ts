import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as the server got it. */
export interface Asked {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  /** Read as JSON. */
  readonly body: Readonly<Record<string, unknown>> | undefined;
}

export interface Answered {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What goes wrong with the next requests that it is for. */
export interface Fault {
  readonly on: RegExp;
  /** How often; once by default. */
  readonly times?: number;
  readonly how: 'cut before' | 'cut after' | 'hang' | Answered;
}

/** A server on a free port that does what `handle` says, save for the faults that it is told. */
export class FaultyServer {
  readonly asked: Asked[] = [];
  /** Sees every exchange that is no fault. */
  watch?: (asked: Asked, answered: Answered) => void;
  private faults: (Fault & { left: number })[] = [];
  private readonly server: Server;

  constructor(private readonly handle: (asked: Asked) => Answered | Promise<Answered>) {
    this.server = createServer((request, response) => void this.serve(request, response));
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  fail(fault: Fault): void {
    this.faults.push({ ...fault, left: fault.times ?? 1 });
  }

  reset(): void {
    this.faults = [];
    this.asked.length = 0;
  }

  /** `POST /repos/o/r/pulls` of all requests, in order. */
  get lines(): readonly string[] {
    return this.asked.map(({ method, url }) => `${method} ${url.pathname}`);
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = await read(request, this.url);
    this.asked.push(asked);
    const line = `${asked.method} ${decodeURIComponent(asked.url.pathname)}`;
    const fault = this.faults.find(({ on, left }) => left > 0 && on.test(line));
    if (fault) fault.left--;
    if (fault?.how === 'hang') return;
    if (fault?.how === 'cut before') return void request.socket.destroy();
    const wrong = typeof fault?.how === 'object' ? fault.how : undefined;
    const answered = wrong ?? (await this.handle(asked));
    if (!wrong) this.watch?.(asked, answered);
    if (fault?.how === 'cut after') return void request.socket.destroy();
    write(response, answered);
  }
}

async function read(request: IncomingMessage, base: string): Promise<Asked> {
  let text = '';
  for await (const part of request) text += part;
  const { method = 'GET', url = '/', headers } = request;
  return { method, url: new URL(url, base), headers, body: text ? JSON.parse(text) : undefined };
}

function write(response: ServerResponse, { status, body, headers }: Answered): void {
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
  response.end(text);
}
