import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config/read.js';
import { fc } from '../fc.js';

interface Schema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly propertyNames?: { readonly pattern: string };
  readonly additionalProperties?: Schema | false;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
}

const schema = JSON.parse(readFileSync('docs/kubemend.schema.json', 'utf8')) as Schema;
const isValid = new Ajv2020({ strict: false }).compile(schema);

/** A map of what is asked for: only what the schema requires is surely there. */
function mapOf({ properties = {}, required = [], propertyNames, additionalProperties }: Schema): fc.Arbitrary<unknown> {
  const named = fc.record(Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, valueBy(value)])), {
    requiredKeys: [...required],
  });
  if (!additionalProperties) return named;
  const key = fc.stringMatching(new RegExp(propertyNames?.pattern ?? '^[a-z]+$'), { maxLength: 20 });
  return fc.dictionary(key, valueBy(additionalProperties), { maxKeys: 2, noNullPrototype: true });
}

/** Values by the schema; those that it says in words it does not have, such as rules over several keys, are sieved out by it. */
function valueBy(node: Schema): fc.Arbitrary<unknown> {
  if (node.$ref !== undefined) return valueBy(schema.$defs?.[node.$ref.replace('#/$defs/', '')] ?? {});
  if (node.enum) return fc.constantFrom(...node.enum);
  if (node.anyOf && node.type === undefined) return fc.oneof(...node.anyOf.map(valueBy));
  const type = Array.isArray(node.type) ? node.type[0] : node.type;
  switch (type) {
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return fc.integer({ min: node.minimum ?? 0, max: node.maximum ?? 100_000 });
    case 'array':
      return fc.array(valueBy(node.items ?? {}), { minLength: node.minItems ?? 0, maxLength: 3 });
    case 'object':
      return mapOf(node);
    default:
      return textOf(node.pattern);
  }
}

function textOf(pattern = '\\S'): fc.Arbitrary<string> {
  if (pattern === '\\S') return fc.stringMatching(/^[a-z*/.[\]!]{1,12}$/);
  // What must not stand there is hardly met otherwise.
  if (pattern.includes('(?!'))
    return fc.constantFrom('known.json', 'a/known.json', '../known.json', '/known.json', 'a/../b', 'a/', 'CHOWN', 'ALL');
  return fc.stringMatching(new RegExp(pattern), { maxLength: 40 });
}

/** Facts on images have rules and a schema of their own, which test/kube/images holds together. */
const { images: _, ...keys } = schema.properties ?? {};
const configurations = mapOf({ properties: keys }) as fc.Arbitrary<object>;

const problemsOf = (value: unknown) => readConfig('kubemend.yaml', JSON.stringify(value)).problems.map(({ text }) => text);

/** What no schema can say. */
const BEYOND = [
  / takes a pattern as in \.gitignore, .*with at most 3 wildcards between two slashes/,
  /^kubernetesVersion takes |\.kubernetesVersion takes /,
  /^kinds\[\d+\](?:\.| is )/,
  /\.expires takes a day/,
  /\.settings\./,
];
const isBeyond = (problem: string) => BEYOND.some((pattern) => pattern.test(problem));

describe('the schema and the reader', () => {
  test('take the same configurations', () => {
    let taken = 0;
    fc.assert(
      fc.property(configurations, (value) => {
        if (!isValid(value)) return;
        taken++;
        expect(problemsOf(value).filter((problem) => !isBeyond(problem))).toEqual([]);
      }),
      { numRuns: 400 },
    );
    expect(taken).toBeGreaterThan(50);
  });

  const odd = fc.constantFrom<unknown>(null, 0, -1, 1.5, true, '', ' ', 'x y', 'a\nb', [], [[]], {}, { x: 1 }, [null], ['']);

  test('refuse the same: what the reader takes is right by the schema', () => {
    let refused = 0;
    const changed = fc
      .tuple(configurations, fc.nat(), odd, fc.constantFrom('replace', 'remove', 'add'))
      .map(([value, at, by, how]) => {
        const copy = structuredClone(value) as Record<string, unknown>;
        const places: [Record<string, unknown>, string][] = [];
        const collect = (node: unknown) => {
          if (typeof node !== 'object' || node === null) return;
          for (const key of Object.keys(node)) {
            places.push([node as Record<string, unknown>, key]);
            collect((node as Record<string, unknown>)[key]);
          }
        };
        collect(copy);
        const [holder, key] = places[at % Math.max(places.length, 1)] ?? [copy, 'maxRisk'];
        if (how === 'add' && !Array.isArray(holder)) holder[`${key}s`] = by;
        else if (how === 'remove' && !Array.isArray(holder)) delete holder[key];
        else holder[key] = by;
        return copy;
      });
    fc.assert(
      fc.property(changed, (value) => {
        if (problemsOf(value).length > 0) refused++;
        else expect([isValid(value), isValid.errors]).toEqual([true, null]);
      }),
      { numRuns: 250 },
    );
    expect(refused).toBeGreaterThan(50);
  });
});
