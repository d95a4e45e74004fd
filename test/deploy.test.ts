import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { parsePr } from '../src/cli/pr-options.js';
import { kubemend } from './cli/kubemend.js';

const read = (file: string) => readFileSync(file, 'utf8');
const { version } = JSON.parse(read('package.json')) as { version: string };

describe('deploy/', () => {
  it('is what kubemend itself finds nothing to say about', async () => {
    const argv = ['--max-risk', 'high', '--profile', 'all', '--format', 'json', '--check', 'deploy/'];
    const { code, stdout } = await kubemend(process.cwd(), argv);
    const { files, summary } = JSON.parse(stdout) as {
      files: { path: string; findings: { status: string }[]; objects: { podSecurity?: { now: string } }[] }[];
      summary: { workloads: number };
    };
    expect(code).toBe(0);
    expect(files.flatMap(({ findings }) => findings).filter(({ status }) => status !== 'suppressed')).toEqual([]);
    expect(files.flatMap(({ objects }) => objects.flatMap(({ podSecurity }) => podSecurity?.now ?? []))).toEqual(['restricted']);
    expect(summary.workloads).toBe(1);
  });

  it('runs this version, with arguments that the command line takes', () => {
    const text = read('deploy/cronjob.yaml');
    expect(text).toContain(`image: ghcr.io/kubemend/kubemend:${version}\n`);
    expect(text).toContain('args: [pr, --repo, $(REPOSITORY)]');
    expect(parsePr(['--repo', 'https://github.com/org/deploy'])).toHaveProperty('options');
  });
});

describe('the Dockerfile', () => {
  const lines = read('Dockerfile').split('\n');

  it('ends as a user who is a number and not root, with git', () => {
    expect(lines.filter((line) => line.startsWith('USER '))).toEqual(['USER 65532:65532']);
    expect(lines.join('\n')).toMatch(/apk add --no-cache git\b/);
  });

  it('takes the same user as the CronJob', () => {
    expect(read('deploy/cronjob.yaml')).toMatch(/runAsUser: 65532\n/);
  });
});

describe.each(['check', 'pr'])('templates/%s.yml', (name) => {
  const text = read(`templates/${name}.yml`);
  const [head = {}, jobs] = parseAllDocuments(text).map((document) => document.toJS() as Record<string, unknown>);
  const { inputs } = head.spec as { inputs: Record<string, { default: unknown; description: string; options?: unknown[] }> };

  it('uses all of its inputs, and no others', () => {
    const used = [...text.matchAll(/\$\[\[ inputs\.([\w-]+) \]\]/g)].map(([, input]) => input);
    expect([...new Set(used)].sort()).toEqual(Object.keys(inputs).sort());
    for (const { default: value, options = [value], description } of Object.values(inputs)) {
      expect(options).toContain(value);
      expect(description).toBeTruthy();
    }
  });

  it('puts no input into a script, where it would be a part of the program', () => {
    const scripts = Object.values(jobs ?? {}).flatMap((job) => (job as { script: string[] }).script);
    expect(scripts).toHaveLength(1);
    for (const script of scripts) expect(script).not.toContain('$[[');
  });

  it('runs no kubemend that a checkout has in store', () => {
    for (const [call] of text.matchAll(/\bnpx\b.*/g)) expect(call).toMatch(/^npx --prefix "\$\(mktemp -d\)" --yes /);
  });

  it('runs this version', () => {
    expect(text).toMatch(new RegExp(`default: (?:ghcr\\.io/kubemend/kubemend:)?${version.replaceAll('.', '\\.')}\n`));
  });
});
