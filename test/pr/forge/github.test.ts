import { createGitHub } from '../../../src/pr/forge/github/adapter.js';
import { FakeGitHub } from './github/server.js';
import { itBehaves } from './rows/all.js';
import { subjectOf } from './subject.js';

const { server, state } = new FakeGitHub();
itBehaves('GitHub', subjectOf('github', server, state, 'acme', createGitHub));
