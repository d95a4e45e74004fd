import process from 'node:process';
import { itBehaves } from '../../test/pr/forge/rows/all.js';
import { subjectOf } from './subject.js';

const { FORGE_URL: url = '', FORGE_TOKEN: bot = '', FORGE_TOKEN_OTHER: other = '' } = process.env;
itBehaves('Gitea', subjectOf({ url, bot, other }));
