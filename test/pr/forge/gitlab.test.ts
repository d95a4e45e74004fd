import { createGitLab } from '../../../src/pr/forge/gitlab/adapter.js';
import { FakeGitLab } from './gitlab/server.js';
import { itBehaves } from './rows/all.js';
import { subjectOf } from './subject.js';

const { server, state } = new FakeGitLab();
itBehaves('GitLab', subjectOf('gitlab', server, state, 'acme/platform/web', createGitLab));
