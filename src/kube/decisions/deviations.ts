import { isList, isObject, type Json } from '../../core/json.js';
import type { ContainerView } from '../types.js';

/*
 * What an image is known to do is what it does by default. Here is what in a manifest makes it do something else, each in words that
 * follow a "but". It can only raise a risk.
 */

/** A command that runs beside the entrypoint when the container starts; if it fails, the container is killed. */
export function findHook(container: ContainerView): string | undefined {
  const isHooked = container.get('lifecycle.postStart.exec').state !== 'absent';
  return isHooked ? 'its postStart hook does more' : undefined;
}

/** Folders and files from which programs read what they do, and scripts that entrypoints run. */
const CONFIGURATION =
  /\/(?:etc|conf|config|conf\.d|templates)(?:\/|$)|\.(?:conf|cnf|cfg|ini|toml|ya?ml|properties|sh)$|^\/docker-entrypoint/;

/** Of those, what says nothing about where a program writes. */
const HARMLESS =
  /^\/etc\/(?:ssl|pki|ca-certificates|localtime|timezone|hosts|resolv\.conf|passwd|group)(?:\/|$)|\/(?:certs?|tls)(?:\/|$)/;

/** A configuration that is mounted over the one of the image, by the mounts of the container. */
export function findConfiguration(mounts: readonly string[]): string | undefined {
  const path = mounts.find((mount) => CONFIGURATION.test(mount) && !HARMLESS.test(mount));
  return path && `what is mounted at ${path} may say otherwise`;
}

/** A variable with which the start writes more than it does by default. */
export function findSwitch(container: ContainerView, names: readonly string[] = []): string | undefined {
  const item = listOf(container.get('env').value).find((each) => isObject(each) && each.value !== '' && isIn(names, each.name));
  return isObject(item) ? `with env ${String(item.name)} its start writes elsewhere, too` : undefined;
}

function isIn(names: readonly string[], name: Json | undefined): boolean {
  return typeof name === 'string' && names.includes(name);
}

/** Variables that name a place to write to. */
const PLACE = /(?:DATA|DIR|DIRS|HOME|LOGS?|CACHE|TMP|TEMP)$/;

/** A path in an argument: the whole of it, or behind a `=`, a colon or a blank. */
const PATH = /(?:^|[=:,\s"'])(\/(?!\/)[\w.@-][\w./@-]*)/g;

/** Where programs and the kernel are: nobody writes there. */
const READ = /^\/(?:bin|dev|etc|lib|lib64|proc|sbin|sys|usr\/(?:bin|lib|sbin|share)|usr\/local\/bin)(?:\/|$)/;

/** A path that the manifest tells the program, and that no volume covers. */
export function findForeignPath(container: ContainerView, isCovered: (path: string) => boolean): string | undefined {
  for (const [field, texts] of tellings(container)) {
    for (const text of texts) {
      for (const [, path = ''] of text.matchAll(PATH)) {
        // Never the path: what stands in an argument or a variable may be a secret.
        if (!READ.test(path) && !isCovered(path)) return `its ${field} may name a place that no volume covers`;
      }
    }
  }
  return undefined;
}

function tellings(container: ContainerView): readonly (readonly [field: string, texts: readonly string[]])[] {
  const variables = listOf(container.get('env').value).flatMap((item): [string, readonly string[]][] =>
    isObject(item) && typeof item.name === 'string' && PLACE.test(item.name)
      ? [[`env ${item.name}`, stringsIn([item.value ?? null])]]
      : [],
  );
  return [
    ['args', stringsIn(listOf(container.get('args').value))],
    ...variables,
    ['workingDir', stringsIn([container.get('workingDir').value ?? null])],
  ];
}

export function listOf(value: Json | undefined): readonly Json[] {
  return isList(value) ? value : [];
}

export function stringsIn(values: readonly Json[]): readonly string[] {
  return values.filter((value) => typeof value === 'string');
}
