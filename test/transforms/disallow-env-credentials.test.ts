import { expect, it } from 'vitest';
import { createSession } from '../../src/session.js';
import { disallowEnvCredentials } from '../../transforms/disallow-env-credentials.js';
import { container, itLeaves, itReports, manifest } from './harness.js';

const SECRET = /^replace it wherever it is in use, .* keep the new one in a Secret$/;

itReports(disallowEnvCredentials, [
  {
    name: 'variables, by their names and by what they hold',
    manifest: container`
      env:
        - name: DB_PASSWORD # ours
          value: orders-2019
        - name: LOG_LEVEL
          value: info
        - name: DATABASE_URL
          value: "postgres://orders:orders-2019@db/orders"
    `,
    found: [
      { line: 18, message: /^env "DB_PASSWORD" holds a password$/, reason: SECRET },
      { line: 22, message: /^env "DATABASE_URL" holds a password in a URL$/, reason: SECRET },
    ],
  },
  {
    name: 'a ConfigMap, key by key, with the line of what a file holds',
    manifest: manifest`
      apiVersion: v1
      kind: ConfigMap
      metadata:
        name: orders
      data:
        LOG_LEVEL: info
        API_TOKEN: f3a9c07b21
        application.properties: |
          server.port=8080
          spring.datasource.password=orders-2019
    `,
    found: [
      { line: 7, message: /^"API_TOKEN" holds a token$/, reason: SECRET },
      { line: 8, message: /^"application\.properties" holds "spring\.datasource\.password" in line 2 of it$/, reason: SECRET },
    ],
  },
  {
    name: 'five of many in one file, and how many more',
    manifest: manifest`
      apiVersion: v1
      kind: ConfigMap
      metadata:
        name: orders
      data:
        app.env: |
          A_PASSWORD=orders-2019
          B_PASSWORD=orders-2019
          C_PASSWORD=orders-2019
          D_PASSWORD=orders-2019
          E_PASSWORD=orders-2019
          F_PASSWORD=orders-2019
    `,
    found: [{ line: 6, message: /^"app\.env" holds (?:"\w_PASSWORD" in line \d of it(?:, )?){5} and 1 more$/, reason: SECRET }],
  },
]);

itLeaves(disallowEnvCredentials, [
  {
    name: 'references, paths, numbers and what is to be replaced',
    manifest: container`
      env:
        - name: DB_PASSWORD
          valueFrom: {secretKeyRef: {name: db, key: password}}
        - name: SMTP_PASSWORD
          value: $(DB_PASSWORD)
        - name: IMAP_PASSWORD
          value: /run/secrets/imap
        - name: SESSION_TOKEN_TTL
          value: "3600"
        - name: ADMIN_PASSWORD
          value: changeme
        - name: TLS_SECRET_NAME
          value: orders-tls
        - name: API_KEY
          value: ""
        - name: GIT_TOKEN
        - value: orders-2019
    `,
  },
  {
    name: 'a ConfigMap without any',
    manifest: manifest`
      apiVersion: v1
      kind: ConfigMap
      metadata:
        name: orders
      data:
        LOG_LEVEL: info
        DB_PASSWORD: "\${DB_PASSWORD}"
      binaryData:
        API_TOKEN: ZjNhOWMwN2IyMQ==
    `,
  },
  {
    name: 'a Secret, which is where they belong',
    manifest: manifest`
      apiVersion: v1
      kind: List
      items:
        - apiVersion: v1
          kind: Secret
          metadata: {name: orders}
          stringData: {DB_PASSWORD: orders-2019}
        - apiVersion: v1
          kind: ConfigMap
          metadata: {name: orders}
          data: {LOG_LEVEL: info}
    `,
  },
]);

it('says nothing of what a value is', () => {
  const text = container`
    env:
      - {name: DB_PASSWORD, value: orders-2019}
  `;
  const session = createSession({ profile: 'all', transforms: [disallowEnvCredentials.id] });
  session.survey('web.yaml', text);
  const { findings } = session.fix('web.yaml', text);
  expect(findings).toHaveLength(1);
  expect(JSON.stringify(findings)).not.toContain('2019');
});
