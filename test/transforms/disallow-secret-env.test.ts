import { expect, it } from 'vitest';
import { createSession } from '../../src/session.js';
import { disallowSecretEnv } from '../../transforms/disallow-secret-env.js';
import { container, itLeaves, itReports, pod } from './harness.js';

const FILES = /^mount it as files/;

itReports(disallowSecretEnv, [
  {
    name: 'variables of a container at once, and each Secret that is taken as a whole',
    manifest: container`
      env:
        - name: LOG_LEVEL
          value: info
        - name: DB_PASSWORD
          valueFrom:
            secretKeyRef: {name: db, key: password}
        - name: SMTP_PASSWORD
          valueFrom:
            secretKeyRef: {name: mail, key: password}
      envFrom:
        - configMapRef: {name: settings}
        - secretRef: {name: payment}
        - secretRef: {optional: true}
    `,
    found: [
      { line: 20, message: /^takes DB_PASSWORD, SMTP_PASSWORD from a Secret, as variables$/, reason: FILES },
      { line: 28, message: /^takes all of Secret "payment", as variables$/, reason: FILES },
      { line: 29, message: /^takes all of Secret \(no name\), as variables$/, reason: FILES },
    ],
  },
  {
    name: 'five names, and how many more; init containers, too',
    manifest: pod`
      initContainers:
        - name: prepare
          image: ghcr.io/acme/web:1
          env:
            - {name: A, valueFrom: {secretKeyRef: {name: db, key: a}}}
            - {name: B, valueFrom: {secretKeyRef: {name: db, key: b}}}
            - {name: C, valueFrom: {secretKeyRef: {name: db, key: c}}}
            - {name: D, valueFrom: {secretKeyRef: {name: db, key: d}}}
            - {name: E, valueFrom: {secretKeyRef: {name: db, key: e}}}
            - {name: F, valueFrom: {secretKeyRef: {name: db, key: f}}}
      containers: [{name: web, image: "ghcr.io/acme/web:1"}]
    `,
    found: [{ line: 18, message: /^takes A, B, C, D, E and 1 more from a Secret, as variables$/, reason: FILES }],
  },
]);

itLeaves(disallowSecretEnv, [
  {
    name: 'files, fields and ConfigMaps',
    manifest: pod`
      containers:
        - name: web
          image: ghcr.io/acme/web:1
          env:
            - name: DB_PASSWORD_FILE
              value: /run/secrets/db/password
            - name: NAME
              valueFrom: {fieldRef: {fieldPath: metadata.name}}
            - name: LEVEL
              valueFrom: {configMapKeyRef: {name: settings, key: level}}
          envFrom:
            - configMapRef: {name: settings}
          volumeMounts:
            - {name: db, mountPath: /run/secrets/db}
      volumes:
        - name: db
          secret: {secretName: db}
    `,
  },
]);

it('hears a no to one of several', () => {
  const text = container`
    env:
      - name: A # kubemend-ignore disallow-secret-env: the program reads nothing else
        valueFrom: {secretKeyRef: {name: db, key: a}}
      - name: B
        valueFrom: {secretKeyRef: {name: db, key: b}}
  `;
  const session = createSession({ profile: 'all', transforms: [disallowSecretEnv.id] });
  session.survey('web.yaml', text);
  const { findings, suppressions } = session.fix('web.yaml', text);
  expect(findings.map(({ status, message }) => [status, message])).toEqual([
    ['manual', 'takes B from a Secret, as variables'],
    ['suppressed', 'takes A from a Secret, as variables'],
  ]);
  expect(suppressions).toEqual([]);
});
