import { transforms } from '../../transforms/registry.js';
import { RISKS } from '../core/finding.js';
import type { JsonObject } from '../core/json.js';
import type { Setting, SettingValue, SettingValues } from '../kube/settings.js';
import type { Transform } from '../kube/types.js';
import { dereference } from '../yaml/tree.js';
import { nodeValue, scalarValue } from '../yaml/value.js';
import { line } from './scalars.js';
import { defined, type Field, type Fields, record, type Shape, truthOr, wrong } from './shape.js';
import type { OwnProfile, TransformChoice } from './types.js';
import { word } from './words.js';

/** `transforms:` of a configuration and of its overrides. */
export function transformChoices(): Shape<Readonly<Record<string, TransformChoice>>> {
  return defined('transforms', choices());
}

/** What the schemas of this file refer to. */
export function transformDefinitions(): Readonly<Record<string, JsonObject>> {
  const settings = transforms.map((transform) => [settingsName(transform), settingsShape(transform).schema] as const);
  return { transforms: choices().schema, profileTransforms: parts().schema, ...Object.fromEntries(settings) };
}

function choices(): Shape<Readonly<Record<string, TransformChoice>>> {
  return byTransform((transform) =>
    truthOr(
      record<Exclude<TransformChoice, boolean>>(
        {
          maxRisk: {
            title: 'Highest risk of this transform',
            about: 'The highest risk that this transform may take, in place of the maxRisk for all.',
            shape: word(RISKS),
          },
          settings: settingsOf(transform),
        },
        { instead: settingInstead(transform) },
      ),
    ),
  );
}

/** `transforms:` of a profile. */
export function profileTransforms(): Shape<NonNullable<OwnProfile['transforms']>> {
  return defined('profileTransforms', parts());
}

function parts(): Shape<NonNullable<OwnProfile['transforms']>> {
  return byTransform((transform) =>
    truthOr(
      record<{ readonly why?: string; readonly settings?: SettingValues }>(
        {
          why: { title: 'Why', about: 'Why it is part of the profile; kubemend profiles prints it.', shape: line },
          settings: settingsOf(transform),
        },
        { instead: settingInstead(transform) },
      ),
    ),
  );
}

function byTransform<Value>(shapeOf: (transform: Transform) => Shape<Value>): Shape<Readonly<Record<string, Value>>> {
  const fields = transforms.map((transform): [string, Field<Value>] => [
    transform.id,
    {
      title: transform.title,
      about: `${describeRisk(transform)} kubemend explain ${transform.id}`,
      shape: shapeOf(transform),
    },
  ]);
  return record<Record<string, Value>>(Object.fromEntries(fields) as Fields<Record<string, Value>>, { what: 'transform' });
}

function describeRisk({ risk }: Transform): string {
  return risk === 'report' ? 'It changes nothing, and reports.' : `Usual risk: ${risk}.`;
}

function settingsOf(transform: Transform): Field<SettingValues> {
  return {
    title: `Settings of ${transform.id}`,
    about:
      Object.keys(transform.settings).length === 0 ? 'It has none.' : 'What the transform is told; the rest has its default.',
    shape: defined(settingsName(transform), settingsShape(transform)),
  };
}

function settingsName({ id }: Transform): string {
  return `${id}-settings`;
}

function settingsShape({ id, settings }: Transform): Shape<SettingValues> {
  const fields = Object.entries(settings).map(([key, setting]) => [key, settingField(setting)]);
  return record<Record<string, SettingValue>>(Object.fromEntries(fields), { what: `setting of "${id}":` });
}

/** Whoever writes a setting beside `settings` is told where it goes. */
function settingInstead({ settings }: Transform): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.keys(settings).map((key) => [key, `it is a setting; write settings: {${key}: …}`]));
}

function settingField(setting: Setting): Field<SettingValue> {
  const { about, schema, default: byDefault } = setting;
  return {
    title: about,
    about: `Takes ${takesOf(setting)}.`,
    shape: settingShape(setting, schema),
    ...(typeof byDefault === 'string' && { default: byDefault }),
  };
}

/** A command line separates items by commas; here they are a list. */
function takesOf({ takes, schema }: Setting): string {
  return schema.type === 'array' ? `a list of ${takes.replace(/, separated by commas$/, '')}` : takes;
}

function settingShape(setting: Setting, schema: JsonObject): Shape<SettingValue> {
  return {
    takes: takesOf(setting),
    schema,
    read(reader, node, path) {
      if (!reader.mayRead()) return undefined;
      const found = dereference(node);
      const isList = schema.type === 'array';
      // What a command line gives as text has its own type here.
      const isFit = isList ? found.kind === 'seq' && found.items.length <= MOST_ITEMS : found.kind === 'scalar';
      const isText = found.kind === 'scalar' && schema.type === 'integer' && typeof scalarValue(found) === 'string';
      const value = isFit && !isText ? setting.read(nodeValue(node, { left: MOST_ITEMS * 2 })) : undefined;
      return value ?? wrong(reader, node, path, takesOf(setting));
    },
  };
}

/** Of a list of a setting. */
const MOST_ITEMS = 1000;
