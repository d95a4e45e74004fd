import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../../src/core/json.js';
import { addEvidence, addFacts } from '../../../src/engine/facts.js';
import { chooseCapabilityRule, findCapabilityNeeds } from '../../../src/kube/decisions/capabilities.js';
import { readDockerfile } from '../../../src/kube/facts/dockerfile.js';
import { createCatalogue } from '../../../src/kube/images/catalogue.js';
import { createRepoIndex } from '../../../src/kube/repo-index.js';
import { contextOf } from '../decisions/container.js';

const AT = { file: 'apps/shop/base/web.yaml' };
const PLAIN = 'FROM gcr.io/distroless/static\nUSER 65532\n';
const WORKFLOW = '.github/workflows/release.yaml';

function indexOf(...dockerfiles: readonly string[]) {
  const index = createRepoIndex({ readDockerfile });
  for (const file of dockerfiles) index.addDockerfile(file, PLAIN);
  index.addOrigin('[remote "origin"]\n\turl = https://github.com/Acme/Shop.git\n');
  return index;
}

/** A workflow of one job with these steps. */
function workflow(
  steps: readonly Json[],
  more: { readonly [key: string]: Json } = {},
  job: { readonly [key: string]: Json } = {},
) {
  return { name: 'release', ...more, jobs: { build: { 'runs-on': 'ubuntu-latest', ...job, steps } } };
}

const push = (input: { readonly [key: string]: Json }): Json => ({ uses: 'docker/build-push-action@v6', with: input });
const run = (script: string, more: { readonly [key: string]: Json } = {}): Json => ({ run: script, ...more });

describe('what a workflow builds', () => {
  it.each<[string, string | undefined, Json]>([
    ['by an action', 'cmd/web/Dockerfile', push({ context: './cmd/web', tags: 'ghcr.io/x/front:latest,ghcr.io/x/front:1' })],
    [
      'by an action with a file',
      'build/web.Dockerfile',
      push({ context: '.', file: 'build/web.Dockerfile', tags: 'ghcr.io/x/front' }),
    ],
    ['by an action without a context', 'Dockerfile', push({ tags: `ghcr.io/x/front:\${{ github.sha }}` })],
    ['by a command', 'cmd/web/Dockerfile', run('docker build -t ghcr.io/x/front:$TAG cmd/web')],
    [
      'by a command over lines',
      'build/web.Dockerfile',
      run(
        'set -e\nDOCKER_BUILDKIT=1 docker buildx build \\\n  --push --platform linux/amd64 \\\n  -f "build/web.Dockerfile" --tag=ghcr.io/x/front:1 . # all',
      ),
    ],
    ['by Podman', 'Dockerfile', run('if true; then echo; fi; sudo podman build -t ghcr.io/x/front .')],
    ['in another folder', 'cmd/web/Dockerfile', run('docker build -t ghcr.io/x/front .', { 'working-directory': 'cmd/web' })],
    ['by a variable', 'Dockerfile', run('IMAGE=ghcr.io/x/front\ndocker build -t "$IMAGE:1" .')],
    ['by a variable of the step', 'Dockerfile', run(`docker build -t \${IMAGE}:1 .`, { env: { IMAGE: 'ghcr.io/x/front' } })],
    ['not: with a target', undefined, push({ target: 'debug', tags: 'ghcr.io/x/front' })],
    ['not: with build arguments', undefined, push({ 'build-args': 'USER=0', tags: 'ghcr.io/x/front' })],
    ['not: from elsewhere', undefined, push({ context: 'https://github.com/x/y.git', tags: 'ghcr.io/x/front' })],
    ['not: by a variable file', undefined, push({ file: `\${{ matrix.file }}`, tags: 'ghcr.io/x/front' })],
    ['not: by a command with a target', undefined, run('docker build --target debug -t ghcr.io/x/front .')],
    ['not: by a command with arguments', undefined, run('docker build --build-arg UID=0 -t ghcr.io/x/front .')],
    ['not: by a command with options that a variable has', undefined, run('docker build $ARGS -t ghcr.io/x/front .')],
    ['not: by an unknown option', undefined, run('docker build --frobnicate -t ghcr.io/x/front .')],
    ['not: of what is piped in', undefined, run('docker build -t ghcr.io/x/front - < cmd/web/Dockerfile')],
    ['not: after a change of folders', undefined, run('cd cmd/web && docker build -t ghcr.io/x/front .')],
    ['not: by a variable with two values', undefined, run('IMAGE=ghcr.io/x/front\nIMAGE=y\ndocker build -t $IMAGE .')],
    ['not: outside of the repository', undefined, run('docker build -t ghcr.io/x/front /src')],
    ['not: by another command', undefined, run('echo docker build -t ghcr.io/x/front .')],
  ])('%s', (_, file, step) => {
    const index = indexOf('Dockerfile', 'cmd/web/Dockerfile', 'build/web.Dockerfile');
    index.addWorkflow(WORKFLOW, workflow([{ uses: 'actions/checkout@v4' }, step]));
    expect(index.buildOf(AT, 'ghcr.io/x/front:2')?.file).toBe(file);
  });

  it('by the names of another action, and of the repository', () => {
    const index = indexOf('Dockerfile', 'b/Dockerfile');
    const meta = {
      id: 'meta',
      uses: 'docker/metadata-action@v5',
      with: { images: `\${{ env.REGISTRY }}/\${{ github.repository }}\n` },
    };
    const steps = [
      meta,
      push({ tags: `\${{ steps.meta.outputs.tags }}` }),
      run(`docker build -t "ghcr.io/\${GITHUB_REPOSITORY_OWNER}/tool" b`),
    ];
    index.addWorkflow(WORKFLOW, workflow(steps, { env: { REGISTRY: 'ghcr.io' } }));
    expect(index.buildOf(AT, 'ghcr.io/acme/shop:1')?.file).toBe('Dockerfile');
    expect(index.buildOf(AT, 'ghcr.io/acme/tool')?.file).toBe('b/Dockerfile');
    // Of a clone of two repositories nobody knows which one is meant.
    index.addOrigin('[remote "upstream"]\n\turl = https://github.com/other/shop\n');
    expect(index.buildOf(AT, 'ghcr.io/acme/shop:1')).toBeUndefined();
  });

  it('not where another repository is checked out', () => {
    const index = indexOf('Dockerfile');
    const other = { uses: 'actions/checkout@v4', with: { repository: 'x/y' } };
    index.addWorkflow(WORKFLOW, workflow([other, push({ tags: 'ghcr.io/acme/front' })]));
    expect(index.buildOf(AT, 'ghcr.io/acme/front')).toBeUndefined();
  });

  it('from the top of the repository, wherever the run is', () => {
    const index = indexOf('../Dockerfile', '../cmd/Dockerfile');
    index.addWorkflow(`../${WORKFLOW}`, workflow([run('docker build -t front cmd')], {}, { defaults: { run: {} } }));
    expect(index.buildOf(AT, 'front')?.file).toBe('../cmd/Dockerfile');
  });

  it('not where two say otherwise', () => {
    const index = indexOf('a/Dockerfile', 'b/Dockerfile');
    index.addWorkflow(WORKFLOW, workflow([run('docker build -t web a'), run('docker build -t web:debug b')]));
    expect(index.buildOf(AT, 'web')).toBeUndefined();
  });

  it('bears what is none', () => {
    const index = indexOf('Dockerfile');
    for (const value of [null, 5, [], {}, { jobs: [] }, { jobs: { a: null, b: { steps: [5, { run: 5 }, { with: [] }] } } }])
      index.addWorkflow(WORKFLOW, value);
    for (const step of [push({}), push({ tags: 5, context: [] }), run('docker'), run('docker build'), run('docker build -t')])
      index.addWorkflow(WORKFLOW, workflow([step]));
    expect(index.buildOf(AT, 'web')).toBeUndefined();
  });
});

describe('what a Makefile builds', () => {
  const KUBEBUILDER = [
    'IMG ?= controller:latest',
    'CONTAINER_TOOL ?= docker',
    'docker-build: ## Build.',
    `\t$(CONTAINER_TOOL) build -t \${IMG} .`,
    'docker-buildx:',
    "\tsed -e 's/a/b/' Dockerfile > Dockerfile.cross",
    `\t- $(CONTAINER_TOOL) buildx build --push --platform=$(PLATFORMS) --tag \${IMG} -f Dockerfile.cross .`,
    '',
  ].join('\n');

  it('by its variables, and what a kustomization makes of that', () => {
    const index = indexOf('operator/Dockerfile', 'Dockerfile');
    index.addMakefile('operator/Makefile', KUBEBUILDER);
    expect(index.buildOf(AT, 'controller:latest')?.file).toBe('operator/Dockerfile');
  });

  it('not where a Makefile says it of another one', () => {
    const index = indexOf('a/Dockerfile', 'b/Dockerfile');
    for (const folder of ['a', 'b']) index.addMakefile(`${folder}/Makefile`, KUBEBUILDER);
    expect(index.buildOf(AT, 'controller:latest')).toBeUndefined();
  });

  it.each([
    ['IMG = a\nIMG = b\nx:\n\tdocker build -t $(IMG) .\n'],
    ['IMG = $(shell git describe)\nx:\n\tdocker build -t $(IMG) .\n'],
    ['x:\n\tcd sub && docker build -t b .\n'],
    ['x:\n\tdocker build -t $$b .\n'],
  ])('not by %j', (text) => {
    const index = indexOf('Dockerfile');
    index.addMakefile('Makefile', text);
    for (const image of ['a', 'b', '$b']) expect(index.buildOf(AT, image)).toBeUndefined();
  });
});

describe('an image that a kustomization replaces', () => {
  const kustomization = (...images: readonly Json[]): Json => ({ resources: ['web.yaml'], images });

  it('is the one that takes its place', () => {
    const index = indexOf('cmd/Dockerfile');
    index.addWorkflow(WORKFLOW, workflow([run('docker build -t ghcr.io/acme/front:1 cmd')]));
    expect(index.buildOf(AT, 'front')).toBeUndefined();
    index.addKustomization(
      'base/kustomization.yaml',
      kustomization({ name: 'front', newName: 'mid' }, { name: 'x', newTag: '2' }),
    );
    expect(index.buildOf(AT, 'front')).toBeUndefined();
    index.addKustomization(
      'apps/shop/overlays/live/kustomization.yaml',
      kustomization({ name: 'mid', newName: 'ghcr.io/acme/front', newTag: '3' }),
    );
    expect(index.buildOf(AT, 'front')?.file).toBe('cmd/Dockerfile');
    expect(index.buildOf({ file: 'apps/other/base/web.yaml' }, 'mid')).toBeUndefined();
  });

  it('is none where another one takes its place elsewhere', () => {
    const index = indexOf('web/Dockerfile');
    expect(index.buildOf(AT, 'web')?.file).toBe('web/Dockerfile');
    index.addKustomization(
      'apps/shop/overlays/a/kustomization.yaml',
      kustomization({ name: 'web', newName: 'registry.acme.dev/web' }),
    );
    expect(index.buildOf(AT, 'web')?.file).toBe('web/Dockerfile');
    index.addKustomization(
      'apps/shop/overlays/b/kustomization.yaml',
      kustomization({ name: 'web', newName: 'ghcr.io/other/web' }),
    );
    expect(index.buildOf(AT, 'web')).toBeUndefined();
  });

  it('may lead in a circle, or nowhere', () => {
    const index = indexOf('web/Dockerfile');
    index.addKustomization(
      'a/kustomization.yaml',
      kustomization({ name: 'a', newName: 'b' }, { name: 'b', newName: 'a' }, 5, {}),
    );
    expect(index.buildOf(AT, 'a')).toBeUndefined();
    const many = Array.from({ length: 100 }, (_, position) => ({ name: 'web', newName: `r${position}.acme.dev/web` }));
    index.addKustomization('apps/shop/overlays/b/kustomization.yaml', kustomization(...many));
    expect(index.buildOf(AT, 'web')).toBeUndefined();
  });
});

describe('an image of the catalogue that a kustomization replaces', () => {
  const riskOf = (newName: string) => {
    const index = indexOf();
    index.addKustomization('apps/web/kustomization.yaml', { images: [{ name: 'memcached', newName }] });
    const context = contextOf({ image: 'memcached:1.6' }, {}, { index });
    const rule = chooseCapabilityRule(context, { add: undefined, needed: 'keep' });
    return findCapabilityNeeds(context.containers[0] as never, context.pod, rule);
  };

  it('is no evidence that lowers a risk', () => {
    expect(riskOf('registry.acme.dev/library/memcached')).toMatchObject({ risk: 'low' });
    expect(riskOf('registry.acme.dev/cache')).toMatchObject({
      risk: 'high',
      evidence: ['memcached:1.6 (memcached, Dockerfile), which a kustomization replaces, needs none, as far as is known'],
    });
  });
});

describe('a component that replaces an image', () => {
  const find = (kustomizations: Readonly<Record<string, JsonObject>>) => {
    const index = indexOf();
    index.addKustomization('apps/web/mirror/kustomization.yaml', {
      kind: 'Component',
      images: [{ name: 'memcached', newName: 'registry.acme.dev/cache' }],
    });
    for (const [file, value] of Object.entries(kustomizations)) index.addKustomization(file, value);
    return index.replacementsOf({ file: 'apps/web/cache.yaml' }, 'memcached:1.6');
  };

  it('counts where a kustomization asks for it', () => {
    expect(find({})).toEqual([]);
    expect(find({ 'apps/web/kustomization.yaml': { components: ['mirror'] } })).toEqual(['registry.acme.dev/cache']);
  });
});

describe('texts of files that build images', () => {
  it('are read', () => {
    const index = indexOf('cmd/Dockerfile');
    addEvidence(index, 'workflow', WORKFLOW, 'on: push\njobs:\n  b:\n    steps:\n      - run: docker build -t acme/a cmd\n');
    addEvidence(index, 'makefile', 'Makefile', 'x:\n\tdocker build -t acme/b cmd\n');
    addFacts(index, 'apps/shop/base/kustomization.yaml', 'images:\n  - name: c\n    newName: acme/b\n');
    for (const image of ['acme/a', 'acme/b', 'c']) expect(index.buildOf(AT, image)?.file).toBe('cmd/Dockerfile');
  });

  // Quadratic, each would outlast the time that a test may take.
  it.each([
    ['an open expansion', '$('.repeat(200_000)],
    ['braces', `\${{`.repeat(200_000)],
    ['words', 'docker build '.repeat(50_000)],
    ['quotes', '"\''.repeat(300_000)],
    ['lines that go on', '\\\n'.repeat(300_000)],
    ['variables in variables', `A=${'$A'.repeat(90)}\n${'docker build -t $A$A$A$A .\n'.repeat(5_000)}`],
    ['one long word', `docker build -t ${'a'.repeat(900_000)} .`],
    ['blanks', `docker build -t ${' '.repeat(900_000)}$`],
  ])('do not keep anybody waiting: %s', (_, text) => {
    const index = indexOf('Dockerfile');
    index.addWorkflow(WORKFLOW, workflow([run(text), push({ tags: text })]));
    index.addMakefile('Makefile', `A = ${text.slice(0, 100)}\nx:\n\t${text}\n`);
    expect(index.buildOf(AT, 'web')).toBeUndefined();
  });
});

describe('a folder that is called like an image that everybody pulls', () => {
  const citedOf = (image: string, tell = false) => {
    const index = indexOf('nginx/Dockerfile', 'web/Dockerfile');
    if (tell) index.addWorkflow(WORKFLOW, workflow([push({ context: 'nginx', tags: 'nginx:1.27' })]));
    return contextOf({ image }, {}, { index, images: createCatalogue() }).containers[0]?.found?.cited;
  };

  it('does not make it, unless something says so', () => {
    expect(citedOf('nginx:1.27')).not.toContain('nginx/Dockerfile');
    expect(citedOf('nginx:1.27', true)).toBe('nginx:1.27 (nginx/Dockerfile)');
    expect(citedOf('web:1')).toBe('web:1 (web/Dockerfile)');
    expect(citedOf('registry.acme.dev/nginx:1.27')).toBe('nginx:1.27 (nginx/Dockerfile)');
  });
});
