import { profiles } from '../../transforms/profiles.js';
import { RISKS } from '../core/finding.js';
import { formatRange, SUPPORTED_RANGE } from '../kube/versions/versions.js';
import { imageEntry } from './images.js';
import { customKind } from './kinds.js';
import { pullRequests } from './pull-requests.js';
import { glob, line, namePattern, version } from './scalars.js';
import { dictionary, type Fields, list, oneOrMore, record, type Shape } from './shape.js';
import { suppression } from './suppressions.js';
import { profileTransforms, transformChoices } from './transforms.js';
import type { ConfigValues, FailOn, Override, OwnProfile, PathValues } from './types.js';
import { text, truth, word } from './words.js';

/** For flags and other words that people try: what to write instead. */
const INSTEAD: Readonly<Record<string, string>> = {
  apiVersion: 'kubemend.yaml is the name of the configuration; give a manifest another one',
  transform: 'write transforms: {ID: false} for what must not run, or a profile of your own for what must',
  skip: 'write transforms: {ID: false}',
  set: 'write transforms: {ID: {settings: {key: value}}}',
  format: 'how a run prints is said on its command line',
  output: 'how a run prints is said on its command line',
  write: 'what a run does is said on its command line',
  check: 'what a run does is said on its command line',
};

const PROFILE_NAME = {
  pattern: '^[a-z][a-z0-9-]*$',
  takes: 'lower-case letters, digits and hyphens, with a letter first',
} as const;

let known: Shape<ConfigValues> | undefined;

/** The whole of `kubemend.yaml`. Made when it is first asked for: most runs have no such file. */
export function configShape(): Shape<ConfigValues> {
  known ??= record<ConfigValues>(topKeys(), { instead: INSTEAD });
  return known;
}

function topKeys(): Fields<ConfigValues> {
  const { profile, maxRisk, transforms, kubernetesVersion, includeSystem, systemNamespaces } = pathKeys();
  return {
    extends: {
      title: 'Files to take over',
      about:
        'Configurations that hold where this one says nothing else, relative to this file and in the same repository. Of several, the later ones win.',
      shape: oneOrMore(
        text('a relative path that begins with ./ or ../ and ends in .yaml or .yml', '^\\.{1,2}/[^\\n\\r]*\\.ya?ml$'),
        'relative paths that begin with ./ or ../ and end in .yaml or .yml',
      ),
    },
    profile,
    profiles: {
      title: 'Profiles of your own',
      about: 'Profiles by name, to be named by "profile" and by --profile.',
      shape: dictionary(ownProfile(), PROFILE_NAME),
    },
    maxRisk,
    transforms,
    kubernetesVersion,
    exclude: {
      title: 'Files to leave alone',
      about: 'Patterns as in .gitignore, from the folder of this file.',
      shape: list(glob, 'patterns'),
    },
    includeSystem,
    systemNamespaces,
    images: {
      title: 'Facts on your own images',
      about: 'What kubemend does not know of images, or knows otherwise. docs/images.md has the rules.',
      shape: list(imageEntry, 'maps with facts on images'),
    },
    kinds: {
      title: 'Kinds of your own',
      about: 'Custom resources that make pods. They count for all files of a run.',
      shape: list(customKind(), 'maps'),
    },
    suppressions: {
      title: 'Suppressions',
      about: 'What is not to be mended, and why. Each holds in the folder of this file and below.',
      shape: list(suppression(), 'maps'),
    },
    failOn: {
      title: 'Suppressions to fail for',
      about: 'Exit with 1 when a suppression is one of these. Counts for runs in this folder and below.',
      shape: list(word<FailOn>(['stale', 'expired', 'malformed']), 'stale, expired or malformed'),
    },
    baseline: {
      title: 'Known findings',
      about:
        'The file that --baseline would name, relative to this one and below its folder. Counts for runs in this folder and below.',
      // A file elsewhere could be written over by --update-baseline.
      shape: text(
        'a relative path below this folder such as kubemend-baseline.json',
        '^(?!/)(?!(?:.*/)?\\.\\.(?:/|$))[^\\\\\\r\\n]*[^\\\\/\\r\\n]$',
      ),
    },
    pr: {
      title: 'Pull requests',
      about: 'What kubemend pr does where its command line says nothing. docs/pull-requests.md explains it.',
      shape: pullRequests(),
    },
    overrides: {
      title: 'What is different for some paths',
      about: 'In order: where several match, the later ones win.',
      shape: list(override(), 'maps'),
    },
  };
}

function pathKeys(): Fields<PathValues> {
  return {
    profile: {
      title: 'Profile',
      about: `What is asked for: ${profiles.map(({ name }) => name).join(', ')}, or a profile of your own.`,
      shape: {
        ...text('the name of a profile', PROFILE_NAME.pattern),
        schema: { anyOf: [{ enum: profiles.map(({ name }) => name) }, { type: 'string', pattern: PROFILE_NAME.pattern }] },
      },
      default: 'recommended',
    },
    maxRisk: {
      title: 'Highest risk',
      about: 'The highest risk to take: what is above it is listed, and not changed.',
      shape: word(RISKS),
      default: 'medium',
    },
    transforms: {
      title: 'Transforms',
      about: 'By id: false for one that must not run, or how much risk it may take and what it is told.',
      shape: transformChoices(),
    },
    kubernetesVersion: {
      title: 'Kubernetes versions',
      about: `1.31, a range such as 1.28-1.33 on all of which the result must be valid, or latest. Without it ${formatRange(SUPPORTED_RANGE)}, those that upstream supports.`,
      shape: version,
    },
    includeSystem: {
      title: 'System namespaces, too',
      about: 'Whether kube-system and other system namespaces are looked at.',
      shape: truth,
      default: false,
    },
    systemNamespaces: {
      title: 'More system namespaces',
      about: 'Names of namespaces that are left alone as kube-system is; * stands for any characters.',
      shape: list(namePattern, 'names, in which * stands for any characters'),
    },
  };
}

function ownProfile(): Shape<OwnProfile> {
  return record<OwnProfile>(
    {
      title: { title: 'Title', about: 'What it is for, in one sentence.', shape: line },
      extends: {
        title: 'Profile to begin with',
        about: 'Another profile, whose transforms are part of this one. Without it, only those named here are.',
        shape: {
          ...text('the name of a profile', PROFILE_NAME.pattern),
          schema: { anyOf: [{ enum: profiles.map(({ name }) => name) }, { type: 'string', pattern: PROFILE_NAME.pattern }] },
        },
      },
      level: {
        title: 'Level of the Pod Security Standards',
        about: 'The level that it is for: a pod that passes a check is left alone, as far as that check goes.',
        shape: word(['baseline', 'restricted']),
      },
      transforms: {
        title: 'Transforms of the profile',
        about: 'By id: true or a map for one that is part of it, false for one that is not.',
        shape: profileTransforms(),
      },
    },
    { required: ['title'] },
  );
}

function override(): Shape<Override> {
  return record<Override>(
    {
      paths: {
        title: 'Paths',
        about: 'Patterns as in .gitignore, from the folder of this file: the files for which the keys beside it hold.',
        shape: list(glob, 'patterns', { min: 1 }),
      },
      ...pathKeys(),
    },
    {
      required: ['paths'],
      instead: { ...INSTEAD, exclude: 'it stands beside overrides, not in them', pr: 'it stands beside overrides, not in them' },
    },
  );
}
