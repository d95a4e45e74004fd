import { isObject, type Json, type JsonObject } from '../core/json.js';
import { configShape } from './keys.js';
import { transformDefinitions } from './transforms.js';

/** Where the schema is published. */
const SCHEMA_ID = 'https://github.com/kubemend/kubemend/raw/main/docs/kubemend.schema.json';

/**
 * The JSON Schema of `kubemend.yaml`.
 * @param images that of image facts (`catalogue.schema.json`), which becomes a part of it
 */
export function configSchema(images: JsonObject): JsonObject {
  const { items, $defs } = images;
  if (!isObject(items) || !isObject($defs)) throw new TypeError('the schema of images has no items or no definitions');
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: SCHEMA_ID,
    title: 'Configuration of kubemend',
    description: 'What kubemend asks for in a folder and below: kubemend.yaml. docs/configuration.md explains it.',
    ...configShape().schema,
    $defs: { ...transformDefinitions(), image: items, ...$defs } as Readonly<Record<string, Json>>,
  };
}
