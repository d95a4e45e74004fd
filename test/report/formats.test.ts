import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { formatGithub } from '../../src/report/github.js';
import { formatJson } from '../../src/report/json.js';
import { createTally, type FileReport } from '../../src/report/tally.js';
import { FILE, finding, object, refused, report } from './reports.js';

const files: readonly FileReport[] = [
  report({
    status: 'changed',
    isWritten: false,
    objects: [
      object({ isChanged: true, podSecurity: { now: 'privileged', after: 'baseline', at: { high: 'restricted' } } }),
      object({
        podSecurity: { now: 'privileged', after: 'baseline', at: { low: 'privileged', medium: 'baseline', high: 'restricted' } },
      }),
      object({ podSecurity: { now: 'restricted', after: 'restricted', at: {} } }),
      object({ left: 'system namespace' }),
    ],
    findings: [
      finding({ evidence: 'needs 100%\nof it', alsoBy: ['set-other-thing'] }),
      finding({ status: 'held', risk: 'high', reason: { code: 'RISK', text: 'above medium' } }),
      finding({ status: 'suppressed', reason: { code: 'SUPPRESSED', text: 'no' }, lostComments: ['# x'] }),
      finding({
        status: 'manual',
        rule: 'read-secrets',
        changes: [{ op: 'remove', path: ['spec'] }],
        reason: { code: 'ADVICE', text: 'yours' },
      }),
    ],
    suppressions: [{ file: FILE, line: 3, kind: 'stale', text: 'old' }],
  }),
  refused('TAB_INDENT', 'a tab indents; use spaces', 'deploy/a,b:c.yaml'),
  report({ status: 'failed', bug: { code: 'UNPROVEN', text: 'values differ' } }),
  report({ status: 'left', left: { code: 'SOPS', text: 'encrypted' } }),
];
const suppressions = [{ file: 'kubemend.yaml', line: 7, kind: 'expired' as const, text: 'over' }];
const troubles = [{ path: 'gone.yaml', text: 'cannot be read: vanished while kubemend ran' }];

describe('json', () => {
  const tally = createTally();
  for (const file of files) tally.add(file);
  tally.addNotes(suppressions);
  const document: unknown = JSON.parse(
    formatJson({
      version: '1.2.3',
      askedOf: () => undefined,
      transforms: ['drop-capabilities'],
      maxRisk: 'medium',
      includeSystem: false,
      profile: 'recommended',
      kubernetesVersion: '1.35-1.37',
      files,
      left: [{ path: 'vendor/', code: 'VENDORED', text: 'vendored' }],
      troubles,
      suppressions,
      summary: tally.summary(),
    }),
  );
  const schema = JSON.parse(readFileSync('docs/report.schema.json', 'utf8')) as object;
  const validate = new Ajv2020({ allErrors: true }).compile(schema);

  test('is what the schema says', () => {
    validate(document);
    expect(validate.errors).toBeNull();
  });

  test('the schema refuses what it does not know', () => {
    expect(validate({ ...(document as object), extra: 1 })).toBe(false);
    expect(validate({ ...(document as object), format: 2 })).toBe(false);
    const unknown = (from: string, to: string) => JSON.parse(JSON.stringify(document).replace(from, to)) as object;
    expect(validate(unknown('"high":"restricted"', '"highest":"restricted"'))).toBe(false);
    expect(validate(unknown('"high":"restricted"', '"high":"strict"'))).toBe(false);
  });

  test('gives the field as data and as people write it', () => {
    expect(document).toMatchObject({
      files: [
        {
          path: 'deploy/web.yaml',
          written: false,
          findings: [
            { path: ['spec', 'template', 'spec', 'containers', 0], field: 'spec.template.spec.containers[0]', line: 12 },
            {},
            {},
            {},
          ],
        },
        { error: { code: 'TAB_INDENT', line: 12, column: 7 } },
        { bug: { code: 'UNPROVEN' } },
        { left: { code: 'SOPS' } },
      ],
      suppressions: [{ path: 'kubemend.yaml', line: 7, kind: 'expired', text: 'over' }],
      summary: { notes: 2, suppressions: { stale: 1, expired: 1, malformed: 0 } },
    });
  });
});

test('the schema knows every code of the source', () => {
  const schema = readFileSync('docs/report.schema.json', 'utf8');
  const codes = ['src/core/errors.ts', 'src/core/finding.ts', 'src/engine/types.ts'].flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/^ {2}\| '([A-Z_0-9]+)'/gm)].map((match) => match[1]),
  );
  expect(codes).toContain('UTF16');
  for (const code of codes) expect(schema).toContain(`"${code}"`);
});

test('github: one command for each finding, escaped', () => {
  expect(formatGithub({ files, troubles, suppressions }, 'apps/').trimEnd().split('\n')).toEqual([
    '::warning file=apps/deploy/web.yaml,line=12,title=drop-capabilities::Deployment shop/web, container web: keeps all default capabilities; needs 100%25%0Aof it; also set-other-thing (ready, medium)',
    '::notice file=apps/deploy/web.yaml,line=12,title=drop-capabilities::Deployment shop/web, container web: keeps all default capabilities; high (held)',
    '::notice file=apps/deploy/web.yaml,line=12,title=drop-capabilities::Deployment shop/web, container web: keeps all default capabilities; yours (for you)',
    '::notice file=apps/deploy/web.yaml,line=3,title=stale suppression::old',
    '::error file=apps/deploy/a%2Cb%3Ac.yaml,line=12,col=7,title=refused%3A TAB_INDENT::a tab indents; use spaces',
    '::error file=apps/deploy/web.yaml,title=a bug of kubemend::The edit could not be proved; the file is left alone.%0Avalues differ',
    '::notice file=apps/kubemend.yaml,line=7,title=expired suppression::over',
    '::error file=apps/gone.yaml,title=not read or written::cannot be read: vanished while kubemend ran',
  ]);
});

test('github: no escape of a file name reaches the terminal, nor begins a line', () => {
  const [first] = files;
  if (!first) throw new Error('no file to rename');
  const printed = formatGithub(
    { files: [{ ...first, file: 'a\u001b[31m\n::error::b.yaml' }], troubles: [], suppressions: [] },
    '',
  );
  expect(printed).toContain('file=a\\x1b[31m\\n%3A%3Aerror%3A%3Ab.yaml,');
  expect(printed).not.toContain('\u001b');
});
