import { describe, expect, it } from 'vitest';
import { readDockerfile } from '../../../src/kube/facts/dockerfile.js';

describe('readDockerfile', () => {
  it.each<[string, string, unknown]>([
    ['a number', 'FROM x\nUSER 1000', 1000],
    ['a number and a group', 'FROM x\nUSER 1000:1000', 1000],
    ['the last one', 'FROM x\nUSER 0\nRUN a\nUSER 65532', 65532],
    ['an argument with a default', 'FROM x\nARG UID=1000\nUSER $UID', 1000],
    ['an argument without', 'FROM x\nARG UID\nUSER $UID', 'unknown'],
    ['root', 'FROM x\nUSER root', { name: 'root', uid: 0 }],
    ['a name', 'FROM x\nUSER app', { name: 'app', uid: null }],
    ['a name with a number', 'FROM x\nRUN useradd -u 1001 app\nUSER app', { name: 'app', uid: 1001 }],
    ['a name among others', 'FROM x\nRUN adduser -u 5 b && adduser -S --uid 7 app\nUSER app', { name: 'app', uid: 7 }],
    ['nobody', 'FROM x', 'inherited'],
    ['that of another stage', 'FROM x AS a\nUSER 7\nFROM a\nRUN b', 7],
    ['not that of a stage that is only copied from', 'FROM x AS a\nUSER 7\nFROM y\nCOPY --from=a /b /c', 'inherited'],
  ])('knows the user: %s', (_, text, user) => {
    expect(readDockerfile(text)?.user).toEqual(user);
  });

  it.each<[string, string | undefined]>([
    ['FROM nginx:1.27', 'nginx:1.27'],
    ['FROM --platform=$BUILDPLATFORM nginx:1.27 AS x', 'nginx:1.27'],
    ['ARG BASE=nginx\nFROM $BASE', 'nginx'],
    ['ARG BASE\nFROM $BASE', undefined],
    ['FROM golang AS build\nFROM scratch\nCOPY --from=build /a /a', 'scratch'],
    ['FROM nginx AS Base\nFROM base', 'nginx'],
  ])('knows what it starts from: %j', (text, base) => {
    expect(readDockerfile(text)?.base).toBe(base);
  });

  it('knows ports, volumes, files and rights', () => {
    const text =
      'FROM x\nEXPOSE 80/tcp 443 $P\nVOLUME ["/a", "/b"]\nVOLUME /c /d\nCOPY x /srv/\nRUN setcap cap_net_bind_service=+ep /a';
    expect(readDockerfile(text)).toMatchObject({
      ports: [80, 443],
      volumes: ['/a', '/b', '/c', '/d'],
      copies: ['/srv/'],
      gains: 'file-capabilities',
      isOwnProgram: true,
    });
    expect(readDockerfile('FROM x\nCOPY a /b')?.isOwnProgram).toBe(false);
    expect(readDockerfile('FROM x\nRUN chmod u+s /a')?.gains).toBe('set-uid');
    expect(readDockerfile('FROM x\nRUN apt-get install -y \\\n  curl \\\n  sudo')?.gains).toBe('set-uid');
  });

  it('knows no id that another command may have changed', () => {
    const user = (more: string) => readDockerfile(`FROM x\nRUN adduser -D -u 1000 app${more}\nUSER app`)?.user;
    expect(user('')).toEqual({ name: 'app', uid: 1000 });
    expect(user(' && usermod -u 2000 app')).toEqual({ name: 'app', uid: null });
  });

  // Quadratic, it would outlast the time that a test may take.
  it.each(['install ', 'add x '])('reads a command that says "%s" very often', (word) => {
    const text = `FROM x\nRUN ${word.repeat(100_000)}`;
    expect(readDockerfile(text)?.gains).toBeUndefined();
  });

  it('says nothing of a file with more stages than anybody writes', () => {
    const stages = (count: number) => Array.from({ length: count }, (_, at) => `FROM s${at} AS s${at + 1}`).join('\n');
    expect(readDockerfile(stages(100))?.base).toBe('s0');
    expect(readDockerfile(stages(30_000))).toBeUndefined();
  });

  it.each([
    'RUN x',
    '',
    'FROM x\nONBUILD USER 5',
    'FROM x\nRUN <<EOF\nuseradd x\nEOF\nUSER 5',
    '# syntax=acme/frontend:1\nFROM x\nUSER 5',
    'FROM x\nFETCH y\nUSER 5',
    'FROM {{ .Base }}\nUSER 5',
    '\u0000\u0001',
  ])('says nothing of %j', (text) => {
    expect(readDockerfile(text)).toBeUndefined();
  });
});
