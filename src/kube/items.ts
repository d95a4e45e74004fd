import { isList, isObject, type JsonObject, type Path } from '../core/json.js';
import { isOpaque } from './opaque.js';
import type { View } from './types.js';

/** An item of a list, with its value. */
export interface ItemView extends View {
  /** Where it is in the list. */
  readonly position: number;
  readonly value: JsonObject;
}

/**
 * The maps of a list beneath `view`, as they stand now; removed ones, which leave `null` behind, and variables are left out.
 * @param nameOf how a message names an item
 */
export function viewItems(view: View, list: Path, nameOf: (item: JsonObject, position: number) => string): readonly ItemView[] {
  const { value } = view.get(list);
  if (!isList(value)) return [];
  return value.flatMap((item, position) => {
    if (!isObject(item)) return [];
    return [{ ...viewBeneath(view, [...list, position], nameOf(item, position)), position, value: item }];
  });
}

function viewBeneath(view: View, path: Path, subject: string): View {
  const at = (field: string | Path): Path => [...path, ...(typeof field === 'string' ? field.split('.') : field)];
  return {
    // It need not be where the list is.
    path: view.at(path),
    subject,
    at: (field) => view.at(at(field)),
    get: (field) => view.get(at(field)),
    set: (field, value) => view.set(at(field), value),
    remove: (field) => view.remove(at(field)),
    append: (field, value) => view.append(at(field), value),
  };
}

/**
 * Whether `items` are all that the list holds, so that its key goes instead of them. Not where something was taken from the list
 * before, since the key cannot go as well; nor where one of the items must stay: a variable stands in it, or someone said no.
 */
export function areAllOf(view: View, list: Path, items: readonly ItemView[], isSuppressed: (item: View) => boolean): boolean {
  const { value } = view.get(list);
  if (!isList(value) || items.length === 0 || items.length !== value.length) return false;
  return !items.some((item) => isOpaque(item.value) || isSuppressed(item));
}
