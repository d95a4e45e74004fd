import type { JsonObject } from '../../../src/core/json.js';

/** What is wrong in words, the rules that are broken, the object. An API server of v1.35 refuses each, or its Pod. */
export type Row = readonly [name: string, rules: string | readonly string[], object: JsonObject];
