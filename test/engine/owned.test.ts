import { describe, expect, it } from 'vitest';
import { ownerOf, templateLeft } from '../../src/engine/owned.js';
import { deployment, fixWith, setOnContainers } from './run.js';

const lock = setOnContainers('lock', 'securityContext.readOnlyRootFilesystem', true);
const container = '- {name: web, image: web}\n';

describe('a file that another tool owns is left, with the reason', () => {
  it.each([
    ['SOPS in YAML', 'SOPS', `${deployment(`containers:\n${container}`)}sops:\n  mac: ENC[AES256_GCM,data:x]\n`],
    ['SOPS in JSON', 'SOPS', '{\n  "kind": "Pod",\n  "apiVersion": "v1",\n  "sops": {\n    "mac": "ENC[x]"\n  }\n}\n'],
    ['ytt, a line of code', 'YTT', `#@ load("@ytt:data", "data")\n${deployment(`containers:\n${container}`)}`],
    ['ytt, a value', 'YTT', deployment('containers:\n- {name: web, image: web}\nreplicas: #@ data.values.replicas\n')],
    ['ytt, an overlay', 'YTT', `#@overlay/match by=overlay.all\n---\n${deployment(`containers:\n${container}`)}`],
  ])('%s', (_, code, text) => {
    const result = fixWith([lock], text);
    expect(result).toMatchObject({ status: 'left', text, left: { code }, findings: [], splices: [] });
    expect(result.left?.text).not.toBe('');
  });

  it.each([
    ['a container named sops', deployment('containers:\n- {name: sops, image: mozilla/sops, args: [--mac]}\n')],
    ['a label about sops', deployment(`containers:\n${container}`).replace('app: web}', 'app: web, sops: mac}')],
    ['an address in a comment', `# ask ops#@example.com\n${deployment(`containers:\n${container}`)}`],
  ])('%s is not', (_, text) => {
    expect(ownerOf(text)).toBeUndefined();
    expect(fixWith([lock], text).status).toBe('changed');
  });
});

describe('a text with template markers', () => {
  it.each([
    ['an action on a line of its own', '{{- if .Values.web }}\n'],
    ['a value without quotes', 'replicas: {{ .Values.replicas }}\n'],
    ['an include', 'labels:\n{{ include "labels" . | indent 4 }}\n'],
  ])('is left when they keep it from being read: %s', (_, line) => {
    const text = deployment(`containers:\n${container}`) + line;
    expect(fixWith([lock], text)).toMatchObject({ status: 'left', text, left: { code: 'TEMPLATE' } });
  });

  it('is mended where they are quoted, but for what they fill in', () => {
    const text = deployment('containers:\n- name: "{{ .name }}"\n  image: web\n');
    expect(fixWith([lock], text).status).toBe('changed');
  });

  it('is refused for what they do not explain', () => {
    const text = `${deployment(`containers:\n${container}`)}labels: {a: "{{ x }}", a: "{{ y }}"}\n`;
    expect(fixWith([lock], text)).toMatchObject({ status: 'refused', error: { code: 'DUPLICATE_KEY' } });
    expect(templateLeft('plain: [1')).toBeUndefined();
  });
});
