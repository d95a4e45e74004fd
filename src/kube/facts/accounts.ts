import { type JsonObject, valueAt } from '../../core/json.js';
import { folderOf } from '../../core/relative-path.js';
import type { AccountFacts, Place } from '../repo-facts.js';
import { readName } from './names.js';
import type { Places } from './places.js';

export interface Accounts {
  add(object: JsonObject, place: Place, where: string): void;
  find(at: Place, name: string): AccountFacts | undefined;
}

interface Account extends Place {
  readonly facts: AccountFacts;
}

export function createAccounts(places: Places): Accounts {
  const accounts = new Map<string, Map<string, Account>>();
  return {
    add(object, place, where) {
      const name = readName(valueAt(object, ['metadata', 'name']));
      if (name === undefined) return;
      const account = { ...place, facts: readAccount(object, where) };
      // What says the same at the same place tells nothing more, and each is compared with every pod.
      const key = keyOf(account);
      const known = accounts.get(name) ?? new Map<string, Account>();
      if (!known.has(key)) known.set(key, account);
      accounts.set(name, known);
    },
    find(at, name) {
      const own = accountsOf(name).filter((account) => {
        const nearness = places.nearness(account, at);
        // Every namespace has an account of that name.
        return name === 'default' ? nearness === 'sure' || nearness === 'likely' : nearness !== 'no';
      });
      const candidates = [...own, ...(name === 'default' ? [] : needyNamesakes(at, name))];
      return candidates.length === 0 ? undefined : merge(candidates.map(({ facts }) => facts));
    },
  };

  function accountsOf(name: string): readonly Account[] {
    return [...(accounts.get(name)?.values() ?? [])];
  }

  /** Accounts that kustomizations may call the same, and whose token is used. What they do without says nothing of this one. */
  function needyNamesakes(at: Place, name: string): readonly Account[] {
    return places
      .writtenAs(at, name)
      .filter((other) => other !== name)
      .flatMap((other) =>
        accountsOf(other).filter(
          (account) =>
            isNeedy(account.facts) && places.nearness(account, at) !== 'no' && places.mayBeCalledAlike(at, name, account, other),
        ),
      );
  }
}

/** Whether its token is used, or may be. */
function isNeedy({ identity, automount }: AccountFacts): boolean {
  return identity !== undefined || automount === true;
}

function keyOf({ file, namespace, facts: { automount, identity } }: Account): string {
  return JSON.stringify([folderOf(file), namespace, automount, identity]);
}

/** More of them make a message no clearer. */
const MOST_NAMED = 3;

/** What is true of all accounts that may be meant: no token only if none of them mounts it, an identity if one of them has one. */
function merge(accounts: readonly AccountFacts[]): AccountFacts {
  const [first] = accounts;
  const isSame = accounts.every(({ automount }) => automount === first?.automount);
  // Those first that a message is about.
  const inOrder = [...accounts.filter(isNeedy), ...accounts.filter((account) => !isNeedy(account))];
  const named = inOrder.slice(0, MOST_NAMED).map(({ where }) => where);
  const explicit = accounts.some(({ automount }) => automount === true) ? true : undefined;
  return {
    where: named.join(', ') + (accounts.length > named.length ? ` and ${accounts.length - named.length} more` : ''),
    automount: isSame ? first?.automount : explicit,
    identity: accounts.find(({ identity }) => identity !== undefined)?.identity,
  };
}

/** Annotations that give an account an identity outside the cluster: EKS, GKE, Azure, Alibaba Cloud. */
const IDENTITIES = [
  'eks.amazonaws.com/role-arn',
  'iam.gke.io/gcp-service-account',
  'azure.workload.identity/client-id',
  'pod-identity.alibabacloud.com/role-name',
];

function readAccount(object: JsonObject, where: string): AccountFacts {
  const { automountServiceAccountToken: automount } = object;
  const annotations = valueAt(object, ['metadata', 'annotations']);
  return {
    where,
    automount: typeof automount === 'boolean' ? automount : undefined,
    identity: IDENTITIES.find((key) => valueAt(annotations, [key]) !== undefined),
  };
}
