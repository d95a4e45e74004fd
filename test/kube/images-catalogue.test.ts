import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { readCapability } from '../../src/kube/decisions/capability-lists.js';
import { createCatalogue, listEntries, publicImages } from '../../src/kube/images/catalogue.js';
import { checkEntries } from '../../src/kube/images/check.js';
import { normaliseRepository } from '../../src/kube/images/reference.js';
import { compileTags } from '../../src/kube/images/tags.js';
import type { ImageEntry } from '../../src/kube/images/types.js';

const entries = listEntries();
const schema = JSON.parse(readFileSync('src/kube/images/catalogue.schema.json', 'utf8')) as object;
/** A file at a commit, an issue, a page of documentation. */
const NAMED = /^[\w.-]+\/[\w.-]+(?:@[0-9a-f]{7,} \S|#\d+$| \S+\.md$)|^(?:docs: )?[\w-]+\.com\/\S/;
/** What builds an image, or runs first in it. */
const BUILD_FILE = /(?:docker|container)file|entrypoint|\.ko\.yaml|\.bzl$|BUILD\.bazel|\.sh$|\/run$/i;

// The first of the sources has a rule of its own, which a strict schema has for tuples alone.
const validate = new Ajv2020({ allErrors: true, strictTuples: false }).compile(schema);

describe('the catalogue', () => {
  it('follows its schema', () => {
    validate(entries);
    expect(validate.errors ?? []).toEqual([]);
  });

  it('follows the rules for entries of callers', () => expect(checkEntries(entries)).toBe(entries));

  it('holds hundreds of images', () => expect(new Set(entries.map(({ image }) => image)).size).toBeGreaterThan(500));

  it('has one entry for each image and pattern', () => {
    const keys = entries.map(({ image, tags = '*' }) => `${image} ${tags}`);
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
  });

  it('spells names as they are looked up', () => {
    const names = entries.flatMap(({ image, aliases = [], alike = [] }) => [image, ...aliases, ...alike]);
    expect(names.filter((name) => normaliseRepository(name) !== name)).toEqual([]);
  });

  it('gives every name to one image', () => {
    const owners = new Map(entries.map(({ image }) => [image, image]));
    const stolen: string[] = [];
    for (const { image, aliases = [], alike = [] } of entries) {
      for (const name of [...aliases, ...alike]) {
        if ((owners.get(name) ?? image) !== image) stolen.push(`${name} of ${owners.get(name)} by ${image}`);
        owners.set(name, image);
      }
    }
    expect(stolen).toEqual([]);
  });

  it('reads every pattern of tags', () => {
    for (const { tags = '*' } of entries) expect(() => compileTags(tags)).not.toThrow();
  });

  it('names first what was read, or documented', () => {
    const sourced = entries.filter(({ confidence }) => confidence !== 'known');
    const bare = sourced.filter(({ sources: [first = ''] }) => !NAMED.test(first));
    expect(bare.map(({ image, sources }) => `${image}: ${sources[0]}`)).toEqual([]);
    const files = entries.filter(({ confidence, sources: [first = ''] }) => confidence === 'read' && !BUILD_FILE.test(first));
    expect(files.map(({ image, sources }) => `${image}: ${sources[0]}`)).toEqual([]);
  });

  it('names capabilities of Linux', () => {
    const names = entries.flatMap(({ capabilities = [], sometimes = [] }) => [...capabilities, ...sometimes]);
    const unknown = names.filter((name) => /^[A-Z_]+$/.test(name) && readCapability(name) === undefined);
    expect(unknown).toEqual([]);
  });

  it('has conditions that say more than the user does', () => {
    const says = /^any (?:uid|user)(?: works)?$|explicit (?:numeric )?runAsUser|^image default$/;
    const idle = entries.flatMap(({ image, nonRoot }) =>
      (nonRoot?.condition ?? '').split('; ').flatMap((phrase) => (says.test(phrase) ? [`${image}: ${phrase}`] : [])),
    );
    expect(idle).toEqual([]);
  });

  it.each([
    ['quay.io/jetstack/cert-manager-controller:v1.20.0', { user: 65532, nonRoot: { uid: 65532, anyUid: true } }],
    ['quay.io/jetstack/cert-manager-webhook:v1.19.4', { user: 1000, nonRoot: { uid: 1000, anyUid: true } }],
    ['quay.io/jetstack/cert-manager-cainjector:v0.14.1', { user: 0 }],
    ['quay.io/jetstack/cert-manager-cainjector:v0.14.2', { user: 1000 }],
    ['amazon/aws-cli:2.17.0', { user: 0, api: false, capabilities: [] }],
    ['public.ecr.aws/aws-cli/aws-cli', { user: 0, nonRoot: { possible: true, anyUid: true } }],
    ['traefik:v3.1', { writes: ['/data', '/tmp'], populated: [] }],
    ['hello-world', { nonRoot: { possible: true, anyUid: true } }],
    ['php:8.3-fpm-alpine', { capabilities: ['KILL', 'SETGID', 'SETUID'], ports: [9000] }],
    ['drupal:11-php8.4-fpm', { capabilities: ['KILL', 'SETGID', 'SETUID'], ports: [9000] }],
    ['ghcr.io/kubeflow/katib/katib-controller:v0.19.0', { user: 0, nonRoot: { possible: true } }],
  ])('knows %s', (image, facts) => {
    expect(publicImages.find(image)?.facts).toMatchObject(facts);
  });

  it.each(['nextcloud:30-fpm', 'wordpress:6-php8.3-fpm', 'joomla:5-fpm', 'matomo:5-fpm', 'mediawiki:1.43-fpm', 'phpmyadmin:fpm'])(
    'lets the master of %s stop its workers, who are another user',
    (image) => expect(publicImages.find(image)?.facts.capabilities).toContain('KILL'),
  );

  it.each(['ghcr.io/kubeflow/katib/katib-controller', 'kubeflowkatib/katib-db-manager', 'registry.k8s.io/guestbook:v3'])(
    'names no user of %s, since no source does',
    (image) => expect(publicImages.find(image)?.facts.nonRoot).toEqual({ possible: true }),
  );

  it('has shipped files only where it writes', () => {
    const wrong = entries.filter(({ writes = [], populated = [] }) => populated.some((path) => !writes.includes(path)));
    expect(wrong).toEqual([]);
  });

  it('names the capabilities of images that step down from root, or knows none', () => {
    const stepsDown = ({ user, entrypoint = '' }: ImageEntry) =>
      user === 0 && /\b(?:gosu|su-exec|setpriv|setuidgid)\b/.test(entrypoint) && !/\bno step-down\b/.test(entrypoint);
    const wrong = entries.filter((entry) => stepsDown(entry) && entry.capabilities?.includes('SETUID') === false);
    expect(wrong.map(({ image }) => image)).toEqual([]);
  });

  it('has no family whose facts on one image may lower the risk of another', () => {
    const families = entries.filter(({ image, confidence }) => image.endsWith('*') && confidence !== 'known');
    const bold = families.filter(({ api, shell }) => api === false && shell !== true).map(({ image }) => image);
    // Families of one sort each: Kafka's, and servers that a supervisor starts as another user.
    expect(bold).toEqual(['docker.io/confluentinc/cp-*', 'ghcr.io/hotio/*', 'lscr.io/linuxserver/*']);
  });
});

describe('the rules for entries', () => {
  const entry = { image: 'registry.example.com/team/app', sources: ['our Dockerfile'], confidence: 'read' };

  it('are those of the schema where an entry is right', () => {
    const full = {
      ...entry,
      aliases: ['registry.example.com:5000/team/app'],
      alike: ['registry.example.com/team/other-*'],
      tags: '>=2 *-alpine*, stable',
      user: { name: 'app', uid: null },
      entrypoint: 'starts as app',
      nonRoot: { possible: true, uid: 1000, gid: 0, anyUid: true, condition: 'group 0' },
      capabilities: ['CHOWN'],
      gains: ['set-uid'],
      shell: false,
      ports: [8080],
      writes: ['/', '/tmp'],
      populated: [],
      api: null,
      host: ['hostPath'],
      sometimes: ['hostPID', 'NET_ADMIN'],
      memory: null,
    };
    expect(checkEntries([entry, full])).toEqual([entry, full]);
    expect(validate([entry, full])).toBe(true);
  });

  it.each<[string, unknown, string]>([
    ['no object', 'nginx', 'images[0] must be an object'],
    ['nothing', null, 'images[0] must be an object'],
    ['a list', [], 'images[0] must be an object'],
    ['no image', { ...entry, image: undefined }, 'images[0] has no "image"'],
    [
      'nothing that was read',
      { ...entry, sources: ['General knowledge', 'our Dockerfile'] },
      '"sources" must begin with what was read, or "confidence" be known: "General knowledge" names nothing',
    ],
    ['any user in words', { ...entry, nonRoot: { possible: true, anyUid: 'yes' } }, '"anyUid", which must be true or false'],
    ['no sources', { ...entry, sources: [] }, '"sources" must be a list with something in it'],
    ['no confidence', { ...entry, confidence: undefined }, 'images[0] ("registry.example.com/team/app") has no "confidence"'],
    ['another confidence', { ...entry, confidence: 'sure' }, '"confidence" must be one of read, documented, known'],
    ['an unknown key', { ...entry, uid: 1 }, 'has the unknown key "uid"; there are image, aliases'],
    ['a key of every object', { ...entry, constructor: 1 }, 'has the unknown key "constructor"'],
    ['a bare name', { ...entry, image: 'nginx' }, '"image" must be a registry and a path'],
    ['a tag in the name', { ...entry, image: 'registry.example.com/app:1' }, '"image" must have no tag and no digest'],
    ['an asterisk within the name', { ...entry, image: 'registry.example.com/*/app' }, '"image" must be a registry and a path'],
    ['an alias in capitals', { ...entry, aliases: ['registry.example.com/App'] }, '"aliases" holds "registry.example.com/App"'],
    ['an unknown pattern', { ...entry, tags: '^1.2' }, '"tags" cannot be read: "^1.2" is no pattern of tags'],
    ['a negative id', { ...entry, user: -1 }, '"user" must be an integer from 0 to 2147483647'],
    ['a user without a number', { ...entry, user: { name: 'app' } }, '"user" has no "uid"'],
    ['a user as text', { ...entry, user: 'app' }, '"user" must be an object'],
    [
      'root as another user',
      { ...entry, nonRoot: { possible: true, uid: 0 } },
      '"nonRoot" has "uid", which must be an integer from 1',
    ],
    ['no word on possible', { ...entry, nonRoot: {} }, '"nonRoot" has no "possible"'],
    ['ALL', { ...entry, capabilities: ['ALL'] }, '"capabilities" holds "ALL"'],
    ['a prefix', { ...entry, capabilities: ['CAP_CHOWN'] }, '"capabilities" holds "CAP_CHOWN"'],
    ['twice the same', { ...entry, ports: [80, 80] }, '"ports" must not say anything twice'],
    ['port 0', { ...entry, ports: [0] }, '"ports" holds 0, which must be an integer from 1 to 65535'],
    ['a relative path', { ...entry, writes: ['tmp'] }, '"writes" holds "tmp"'],
    ['a closing slash', { ...entry, populated: ['/etc/'] }, '"populated" holds "/etc/"'],
    ['host access of another sort', { ...entry, host: ['hostport'] }, '"host" holds "hostport"'],
    ['words on host access', { ...entry, sometimes: ['hostPath /dev'] }, '"sometimes" holds "hostPath /dev"'],
    ['memory in bytes', { ...entry, memory: '128Mi' }, '"memory" must be one of tiny'],
    ['api in words', { ...entry, api: 'yes' }, '"api" must be one of true, false'],
    ['no text', { ...entry, entrypoint: ' ' }, '"entrypoint" must be a text'],
  ])('refuse %s, as the schema does', (_, wrong, message) => {
    expect(() => checkEntries([wrong])).toThrow(message);
    expect(validate(JSON.parse(JSON.stringify([wrong])))).toBe(false);
  });

  it('let general knowledge say so', () => {
    const known = { ...entry, sources: ['general knowledge'], confidence: 'known' };
    expect(checkEntries([known])).toEqual([known]);
    expect(validate([known])).toBe(true);
  });

  it('refuse what is no list', () => expect(() => checkEntries({})).toThrow('images must be a list of entries'));
});

describe('createCatalogue', () => {
  it('puts the entries of a caller first', () => {
    const catalogue = createCatalogue([
      { image: 'nginx', user: 101, sources: ['our build'], confidence: 'documented' },
      { image: 'registry.example.com/team/*', user: 7, sources: ['our base image'], confidence: 'read' },
    ]);
    expect(catalogue.find('docker.io/library/nginx:1.27')).toMatchObject({
      facts: { user: 101 },
      cited: 'nginx:1.27 (our build)',
    });
    expect(catalogue.find('registry.example.com/team/app:3')).toMatchObject({
      facts: { user: 7 },
      cited: 'app:3 (our base image)',
    });
    expect(catalogue.find('postgres:16')?.facts.user).toBe(0);
    expect(catalogue.find('registry.example.com/other/app')).toBeUndefined();
  });
});
