import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatLock, readLock } from '../../src/config/lock.js';
import { layOut } from '../discover/tree.js';
import { DIGEST, manifestWith, sendManifest, startRegistry, withToken } from '../registry/server.js';
import { kubemend } from './kubemend.js';

const OTHER = `sha256:${'0'.repeat(64)}`;
const LOCK = 'kubemend.lock.yaml';

/** A Pod for each image. */
const podsOf = (...images: readonly string[]) =>
  images
    .map(
      (image, at) =>
        `apiVersion: v1\nkind: Pod\nmetadata: {name: p${at}}\nspec:\n  containers:\n    - name: c\n      image: ${image}\n`,
    )
    .join('---\n');

const lockedIn = (folder: string) => Object.fromEntries(readLock(LOCK, readFileSync(path.join(folder, LOCK), 'utf8')).locked);
const lockOf = (images: Readonly<Record<string, string>>) => formatLock(new Map(Object.entries(images)));
const lock = (folder: string, host: string, ...argv: readonly string[]) =>
  kubemend(folder, ['lock', '--registry', host, ...argv]);

describe('kubemend lock', () => {
  it('writes the digests of the images that pin-image asks for, which it then writes behind the tags', async () => {
    const { host, asked } = await startRegistry(sendManifest);
    const folder = layOut({
      '.git/HEAD': 'x',
      'apps/web.yaml': podsOf(
        `${host}/a/web:1`,
        `${host}/a/web:1`,
        `${host}/a/log:2`,
        `${host}/a/moves:latest`,
        `${host}/a/fixed:1@${OTHER}`,
      ),
      'apps/base/kustomization.yaml': 'resources: [x.yaml]\nimages: [{name: localhost/a/b, newTag: "2"}]\n',
      'chart/Chart.yaml': 'name: x\n',
      'chart/templates/x.yaml': podsOf(`${host}/a/chart:1`),
      'ignored.yaml': `# kubemend-ignore-file pin-image: not ours\n${podsOf(`${host}/a/ignored:1`)}`,
      'system.yaml': podsOf(`${host}/a/system:1`).replace('{name: p0}', '{name: p0, namespace: kube-system}'),
    });
    const { code, stdout, stderr } = await lock(folder, host);
    expect([code, stdout]).toEqual([0, `+ ${host}/a/log:2 ${DIGEST}\n+ ${host}/a/web:1 ${DIGEST}\n`]);
    expect(stderr).toBe(
      `asking ${host} for 2 digests\n\n${LOCK}: 2 images. Pin them: npx kubemend --profile all --transform pin-image --max-risk high .\n`,
    );
    expect(asked.map(({ path: each }) => each).sort()).toEqual(['/v2/a/log/manifests/2', '/v2/a/web/manifests/1']);
    expect(lockedIn(folder)).toEqual({ [`${host}/a/log:2`]: DIGEST, [`${host}/a/web:1`]: DIGEST });

    await kubemend(folder, ['--profile', 'all', '--transform', 'pin-image', '--max-risk', 'high', '--write', '.']);
    expect(readFileSync(path.join(folder, 'apps/web.yaml'), 'utf8')).toContain(`image: ${host}/a/log:2@${DIGEST}\n`);
    // What is pinned is still in use, and nothing is asked for it.
    const again = await lock(folder, host);
    expect([again.code, again.stdout, again.stderr]).toEqual([0, '', `${LOCK} is up to date: 2 images\n`]);
    expect(asked).toHaveLength(2);
  });

  it('asks for what is missing alone, removes what nobody names, and keeps the rest', async () => {
    const { host, asked } = await startRegistry(sendManifest);
    const images = { [`${host}/a/old:1`]: OTHER, [`${host}/a/web:1`]: OTHER };
    const folder = layOut({ [LOCK]: lockOf(images), 'web.yaml': podsOf(`${host}/a/web:1`, `${host}/a/new:1`) });
    const { code, stdout } = await lock(folder, host);
    expect([code, stdout]).toEqual([0, `+ ${host}/a/new:1 ${DIGEST}\n- ${host}/a/old:1\n`]);
    expect(lockedIn(folder)).toEqual({ [`${host}/a/new:1`]: DIGEST, [`${host}/a/web:1`]: OTHER });
    expect(asked).toHaveLength(1);
  });

  it('removes nothing where only a part was looked at', async () => {
    const { host } = await startRegistry(sendManifest);
    const images = { [`${host}/a/old:1`]: OTHER };
    const folder = layOut({
      [LOCK]: lockOf(images),
      'a/web.yaml': podsOf(`${host}/a/web:1`),
      'b/web.yaml': podsOf(`${host}/a/old:1`),
    });
    expect((await lock(folder, host, 'a')).stdout).toBe(`+ ${host}/a/web:1 ${DIGEST}\n`);
    expect((await lock(folder, host, '--exclude', 'b/')).stdout).toBe('');
    writeFileSync(path.join(folder, 'a/broken.yaml'), 'apiVersion: v1\nkind: Pod\nspec: [\n');
    const { code, stderr } = await lock(folder, host);
    expect([code, lockedIn(folder)]).toEqual([2, { ...images, [`${host}/a/web:1`]: DIGEST }]);
    expect(stderr).toMatch(/^a\/broken\.yaml:\d+:\d+: /m);
  });

  it('asks for all with --update, and says what has changed', async () => {
    const { host } = await startRegistry(sendManifest);
    const pinned = `${host}/a/pinned:1`;
    const folder = layOut({
      [LOCK]: lockOf({ [`${host}/a/web:1`]: OTHER, [pinned]: OTHER }),
      'web.yaml': podsOf(`${host}/a/web:1`, `${pinned}@${OTHER}`),
    });
    const { stdout } = await lock(folder, host, '--update');
    expect(stdout).toBe(`~ ${pinned} ${OTHER} -> ${DIGEST}\n~ ${host}/a/web:1 ${OTHER} -> ${DIGEST}\n`);
    expect(lockedIn(folder)).toEqual({ [pinned]: DIGEST, [`${host}/a/web:1`]: DIGEST });
  });

  it('only looks with --check, at registries no more than without --update', async () => {
    const { host, asked } = await startRegistry(sendManifest);
    const before = lockOf({ [`${host}/a/old:1`]: OTHER, [`${host}/a/web:1`]: OTHER });
    const folder = layOut({ [LOCK]: before, 'web.yaml': podsOf(`${host}/a/web:1`, `${host}/a/new:1`) });
    const stale = await lock(folder, host, '--check');
    expect([stale.code, stale.stdout]).toEqual([1, `+ ${host}/a/new:1\n- ${host}/a/old:1\n`]);
    expect(stale.stderr).toBe(`\n${LOCK} is not up to date. Write it: npx kubemend lock\n`);
    expect(asked).toEqual([]);
    const moved = await lock(folder, host, '--check', '--update');
    expect([moved.code, moved.stdout]).toEqual([
      1,
      `+ ${host}/a/new:1 ${DIGEST}\n- ${host}/a/old:1\n~ ${host}/a/web:1 ${OTHER} -> ${DIGEST}\n`,
    ]);
    expect(readFileSync(path.join(folder, LOCK), 'utf8')).toBe(before);
    await lock(folder, host, '--update');
    expect((await lock(folder, host, '--check')).code).toBe(0);
  });

  it('says which images have no digest, by the files that name them, and writes the others', async () => {
    const { host } = await startRegistry((request, response, own) =>
      request.url?.includes('gone') ? response.writeHead(404).end() : sendManifest(request, response, own),
    );
    const folder = layOut({
      'a.yaml': podsOf(`${host}/a/web:1`, `${host}/a/gone:1`),
      'b.yaml': podsOf(`${host}/a/gone:1`, 'registry.example.com/web:1'),
    });
    const { code, stdout, stderr } = await lock(folder, host);
    expect([code, stdout]).toEqual([2, `+ ${host}/a/web:1 ${DIGEST}\n`]);
    expect(stderr.split('\n')).toEqual(
      expect.arrayContaining([
        `a.yaml and 1 more: ${host}/a/gone:1: ${host} has no such image, or no tag 1 of it`,
        'b.yaml: registry.example.com/web:1: registry.example.com is none of the public registries; to ask it: --registry registry.example.com',
      ]),
    );
    expect(lockedIn(folder)).toEqual({ [`${host}/a/web:1`]: DIGEST });
    // Nothing new: the file is not called up to date.
    const again = await lock(folder, host);
    expect([again.code, again.stdout]).toEqual([2, '']);
    expect(again.stderr).toContain(`${LOCK} stays as it is: 2 digests could not be had, as said above\n`);
  });

  it('takes credentials from the environment, and prints none', async () => {
    const auth = Buffer.from('me:s3cret').toString('base64');
    const { host, asked } = await startRegistry(withToken(sendManifest, 't0ken'));
    const folder = layOut({ 'web.yaml': podsOf(`${host}/a/web:1`) });
    const env = { DOCKER_AUTH_CONFIG: JSON.stringify({ auths: { [host]: { auth } } }) };
    const { code, screen } = await kubemend(folder, ['lock', '--registry', host], { env });
    expect(code).toBe(0);
    expect(asked[1]?.authorization).toBe(`Basic ${auth}`);
    expect(screen).not.toMatch(/s3cret|t0ken/);
    expect(screen).not.toContain(auth);
    const wrong = await kubemend(folder, ['lock', '--registry', host], { env: { DOCKER_AUTH_CONFIG: 's3cret' } });
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringMatching(/^kubemend: DOCKER_AUTH_CONFIG holds no JSON/)]);
    expect(wrong.screen).not.toContain('s3cret');
  });

  it('writes the nearest lock file, at the top of the repository where there is none', async () => {
    const { host } = await startRegistry(sendManifest);
    const folder = layOut({
      '.git/HEAD': 'x',
      'a/b/web.yaml': podsOf(`${host}/a/web:1`),
      'c/web.yaml': podsOf(`${host}/c/web:1`),
      [`c/${LOCK}`]: lockOf({}),
    });
    const inside = path.join(folder, 'a/b');
    expect((await lock(inside, host)).stderr).toContain(`../../${LOCK}: 1 image.`);
    expect(existsSync(path.join(inside, LOCK))).toBe(false);
    expect(lockedIn(folder)).toEqual({ [`${host}/a/web:1`]: DIGEST });
    // Each file has one.
    const all = await lock(folder, host);
    expect([all.stdout, all.stderr]).toEqual([
      '',
      `not asked for: the images of c/${LOCK}; name its folder\n\n${LOCK} is up to date: 1 image\n`,
    ]);
    expect((await lock(folder, host, 'c')).stdout).toBe(`+ ${host}/c/web:1 ${DIGEST}\n`);
    expect(lockedIn(path.join(folder, 'c'))).toEqual({ [`${host}/c/web:1`]: DIGEST });
    expect(lockedIn(folder)).toEqual({ [`${host}/a/web:1`]: DIGEST });
  });

  it('leaves out what the configuration says no to', async () => {
    const { host } = await startRegistry(sendManifest);
    const folder = layOut({
      'kubemend.yaml': 'profile: all\noverrides:\n  - {paths: [dev/], transforms: {pin-image: false}}\nexclude: [old/]\n',
      'dev/web.yaml': podsOf(`${host}/dev/web:1`),
      'old/web.yaml': podsOf(`${host}/old/web:1`),
      'prod/web.yaml': podsOf(`${host}/prod/web:1`),
    });
    expect((await lock(folder, host)).stdout).toBe(`+ ${host}/prod/web:1 ${DIGEST}\n`);
  });

  it.each<[string, string]>([
    ['version: 3\n', `${LOCK}:1:10  version takes 1: a newer format needs a newer kubemend, not "3"\n`],
    ['', `${LOCK}:1:1  is empty; kubemend lock writes it anew once it is removed\n`],
  ])('and fix refuse a lock file that they cannot read, before anything is asked or written: %j', async (text, said) => {
    const { host, asked } = await startRegistry(sendManifest);
    const manifest = podsOf(`${host}/a/web:1`);
    const folder = layOut({ [LOCK]: text, 'web.yaml': manifest });
    for (const argv of [
      ['lock', '--registry', host],
      ['--profile', 'all', '--max-risk', 'high', '--write'],
    ]) {
      const { code, stderr } = await kubemend(folder, argv);
      expect(code).toBe(2);
      expect(stderr).toContain(said);
    }
    expect([asked, readFileSync(path.join(folder, 'web.yaml'), 'utf8')]).toEqual([[], manifest]);
    // Nobody asks for a digest here.
    expect((await kubemend(folder, ['--check', '--max-risk', 'low'])).stderr).not.toContain(LOCK);
  });

  it('does not follow a link out of the repository', async () => {
    const { host } = await startRegistry(sendManifest);
    const folder = layOut({ 'repo/.git/HEAD': 'x', 'repo/web.yaml': podsOf(`${host}/a/web:1`), 'outside.yaml': lockOf({}) });
    symlinkSync('../outside.yaml', path.join(folder, 'repo', LOCK));
    const { code, stderr } = await lock(path.join(folder, 'repo'), host);
    expect([code, stderr]).toEqual([2, `${LOCK}:1:1  leads out of the repository; it is not read\n`]);
    expect(readFileSync(path.join(folder, 'outside.yaml'), 'utf8')).toBe(lockOf({}));
  });

  it('prints nothing that steers a terminal', async () => {
    const { host } = await startRegistry(manifestWith(() => ({ 'docker-content-digest': 'x\tsha' })));
    const folder = layOut({ 'a.yaml': '' });
    mkdirSync(path.join(folder, 'b'));
    writeFileSync(path.join(folder, 'b/\u001b[31mred.yaml'), podsOf(`${host}/a/web:1`));
    const { code, screen } = await lock(folder, host);
    expect(code).toBe(2);
    expect(screen).toContain('b/\\x1b[31mred.yaml');
    expect(screen).not.toContain('\u001b');
  });

  it.each([[[]], [['--check']]])('begins no line with the name of a folder: %j', async (argv) => {
    const { host } = await startRegistry(sendManifest);
    const folder = layOut({ 'a.yaml': podsOf(`${host}/a/web:1`) });
    const hostile = 'b\n::error::x\r';
    mkdirSync(path.join(folder, hostile));
    writeFileSync(path.join(folder, hostile, LOCK), lockOf({}));
    writeFileSync(path.join(folder, hostile, 'b.yaml'), podsOf(`${host}/a/web:2`));
    const above = await lock(folder, host, ...argv);
    expect(above.screen).toContain(`b\\n::error::x\\r/${LOCK}; name its folder`);
    const inside = await lock(folder, host, hostile, ...argv);
    expect(inside.screen).toContain(`b\\n::error::x\\r/${LOCK}`);
    expect(above.screen + inside.screen).not.toMatch(/^::|\r/m);
  });

  it('asks no registry where one of the lock files cannot be read, and names it', async () => {
    const { host, asked } = await startRegistry(sendManifest);
    const folder = layOut({
      'a.yaml': podsOf(`${host}/a/web:1`),
      'b/b.yaml': podsOf(`${host}/a/web:2`),
      [`b/${LOCK}`]: 'version: 1\nimages: {nginx: latest}\n',
    });
    const { code, stderr } = await lock(folder, host);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/^b\/kubemend\.lock\.yaml:2:\d+ /)]);
    expect(stderr).not.toContain('bug');
    expect(asked).toEqual([]);
  });

  it.each([
    [
      ['--registry', 'https://quay.io'],
      /^kubemend: --registry takes a host, such as registry\.example\.com or localhost:5000, not "https:\/\/quay\.io"/,
    ],
    [['--registry', 'quay.io/acme'], /--registry takes a host/],
    [['-'], /^kubemend: lock takes no "-"/],
    [['--updat'], /unknown option "--updat"; did you mean "--update"\?/],
    [['nowhere'], /nowhere/],
  ])('refuses %j', async (argv, said) => {
    const folder = layOut({ 'a.yaml': podsOf('nginx:latest') });
    const { code, stderr } = await kubemend(folder, ['lock', ...argv]);
    expect([code, stderr]).toEqual([2, expect.stringMatching(said)]);
  });
});
