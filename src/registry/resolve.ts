import { createHash } from 'node:crypto';
import { causeOf, isUntrusted } from '../http/cause.js';
import type { Tuning } from '../http/tuning.js';
import { type FullName, isDigest } from '../kube/images/full-name.js';
import { type Ask, createAsk, type Reply, Unanswered } from './ask.js';
import type { Credentials } from './credentials.js';
import { createHosts, type Hosts } from './hosts.js';
import { type Authorize, createAuthorize, wantsCredentials } from './tokens.js';

/*
 * Asks registries by the OCI distribution specification, and for one thing only: the digest of a tag.
 * https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests
 */

/** What became of an image; `trouble` in words that follow its name. */
export type Resolved = { readonly digest: string } | { readonly trouble: string };

/** The digest of an image with a tag. Never throws for what a registry does. */
export type Resolve = (image: FullName & { readonly tag: string }) => Promise<Resolved>;

export interface ResolveOptions {
  /** Hosts that may be asked besides the public registries. */
  readonly named: ReadonlySet<string>;
  readonly credentials: Credentials;
  readonly userAgent: string;
}

/** Lists of images for several platforms first: their digest is right on every node. */
const TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
];

/** Bytes; the specification has registries take no larger manifest. */
const MOST = 4 * 1024 * 1024;

export function createResolve({ named, credentials, userAgent }: ResolveOptions, tuning: Tuning): Resolve {
  const hosts = createHosts(named);
  const ask = createAsk(hosts, userAgent, tuning);
  const authorize = createAuthorize(ask, hosts, credentials);
  /** Registries that gave no answer however often they were asked, and why: what else they have is not waited for. */
  const silent = new Map<string, string>();
  return async (image) => {
    const known = silent.get(image.registry);
    if (known !== undefined) return { trouble: known };
    try {
      return { digest: await resolve(image, hosts, ask, authorize) };
    } catch (error) {
      if (error instanceof Unanswered) return { trouble: error.message };
      const cause = causeOf(error);
      if (isUntrusted(cause))
        return {
          trouble: `the certificate of ${image.registry} is not trusted (${cause}); name its authority in NODE_EXTRA_CA_CERTS`,
        };
      const trouble = `no answer from ${image.registry} (${cause})`;
      silent.set(image.registry, trouble);
      return { trouble };
    }
  };
}

async function resolve(image: Parameters<Resolve>[0], hosts: Hosts, ask: Ask, authorize: Authorize): Promise<string> {
  const { registry, path, tag } = image;
  const origin = hosts.originOf(registry);
  if (origin === undefined)
    throw new Unanswered(`${registry} is none of the public registries; to ask it: --registry ${registry}`);
  const accept = TYPES.join(', ');
  let url = new URL(`${origin}/v2/${path}/manifests/${tag}`);
  let authorization: string | undefined;
  const request = async (method: 'GET' | 'HEAD'): Promise<Reply> => {
    const reply = await ask(url, { method, accept, authorization, most: MOST });
    if (reply.status !== 401 || authorization !== undefined) return reply;
    authorization = await authorize(reply, image);
    // The token is for whoever refused: behind a redirect that is another host.
    url = reply.url;
    return ask(url, { method, accept, authorization, most: MOST });
  };
  const head = await request('HEAD');
  // Not every proxy before a registry lets HEAD through.
  if (head.status !== 405 && head.status !== 501) refuse(head, image);
  const said = head.status === 200 ? head.headers.get('docker-content-digest') : null;
  if (said !== null) {
    if (!isDigest(said)) throw new Unanswered(`${registry} gives no digest of SHA-256`);
    return said;
  }
  const whole = await request('GET');
  refuse(whole, image);
  return digestOf(whole, registry);
}

/** @throws {Unanswered} for every answer but the one that was asked for */
function refuse({ status, url }: Reply, { registry, tag }: Parameters<Resolve>[0]): void {
  if (status === 200) return;
  if (status === 401 || status === 403) throw new Unanswered(wantsCredentials(url.host, registry));
  if (status === 404) throw new Unanswered(`${registry} has no such image, or no tag ${tag} of it`);
  if (status === 429) throw new Unanswered(`${registry} takes no more requests for now; ask again later, or with credentials`);
  throw new Unanswered(`${url.host} answers ${status}`);
}

/** The hash of what came, which must be a manifest: a page of a login is none. */
function digestOf({ headers, body }: Reply, registry: string): string {
  const [type = ''] = headers.get('content-type')?.split(';') ?? [];
  if (!TYPES.includes(type.trim().toLowerCase())) throw new Unanswered(`what ${registry} gives is no manifest`);
  const digest = `sha256:${createHash('sha256').update(body).digest('hex')}`;
  const said = headers.get('docker-content-digest');
  if (said === null || said === digest) return digest;
  throw new Unanswered(`${registry} gives a manifest that is not the one it names`);
}
