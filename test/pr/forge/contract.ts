import process from 'node:process';
import { pathToFileURL } from 'node:url';
import type { FaultyServer } from './faulty-server.js';

interface Contract {
  request(method: string, url: string, body?: unknown): readonly string[];
  response(method: string, url: string, status: number, body?: unknown): readonly string[];
}

/** What GitHub's description of REST, or the part of it that is at hand, does not have. */
const NOT_DESCRIBED = [/^\/graphql$/, /^\/repos\/[^/]+\/[^/]+\/milestones$/];

/**
 * Has every exchange with a server checked by GitHub's published description of its API, where `npm run forge` says where that is.
 * It has errors and redirects of some operations only; where it lacks them is no fault of a client.
 *
 * @param problems takes what is wrong
 */
export async function checkExchanges(server: FaultyServer, problems: string[]): Promise<void> {
  const { KUBEMEND_GITHUB_CONTRACT: program, KUBEMEND_GITHUB_DESCRIPTION: description } = process.env;
  if (!program || !description) return;
  const { contract } = (await import(pathToFileURL(program).href)) as { contract: (file: string) => Contract };
  const { request, response } = contract(description);
  server.watch = ({ method, url, body }, { status, body: answer }) => {
    if (NOT_DESCRIBED.some((path) => path.test(url.pathname))) return;
    const at = `${url.pathname}${url.search}`;
    const found = [...request(method, at, body), ...(status < 300 ? response(method, at, status, answer) : [])];
    problems.push(...found.map((problem) => `${method} ${at}: ${problem}`));
  };
}
