import { type DecideInput, decide, pullsToRead } from '../../../src/pr/plan/decide.js';
import { formatState, parseState, withState } from '../../../src/pr/plan/state.js';
import type { Action, BodyState, Decision, PrSettings, PullRequest, RemoteBranch } from '../../../src/pr/types.js';

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

export const SELF = 'kubemend-bot';
export const REPOSITORY = 'shop/deploy';

export const SETTINGS: PrSettings = {
  groupBy: 'risk',
  branchPrefix: 'kubemend/',
  commitType: 'fix',
  draft: [],
  rebase: 'conflicts',
  labels: [],
  assignees: [],
  reviewers: [],
  codeownersReview: false,
  autoMerge: false,
  signOff: false,
};

export type WantedGroup = DecideInput['groups'][number];

export function wanted(name: string, content = 'a'): WantedGroup {
  return { name, fingerprint: content.repeat(64).slice(0, 64), owners: ['@shop/owners'] };
}

/** A forge and its repository, as far as a run can tell: what a run does to it, and what people do. */
export class SimulatedForge {
  base = 'main';
  groups: readonly WantedGroup[] = [];
  settings = SETTINGS;
  readonly branches = new Map<string, Mutable<RemoteBranch>>();
  readonly pulls: Mutable<PullRequest>[] = [];
  readonly comments = new Map<number, { author: string; body: string }[]>();
  /** What was set beside the texts, by the number of the pull request. */
  readonly extras: string[] = [];
  #count = 0;
  #opened: number | undefined;

  sha(): string {
    return (++this.#count).toString(16).padStart(40, '0');
  }

  input(): DecideInput {
    const { groups, settings, base } = this;
    const branches = [...this.branches.values()].map((branch) => ({ ...branch }));
    const known = {
      groups,
      branches,
      pulls: this.pulls.map((pull) => ({ ...pull })),
      settings,
      self: SELF,
      repository: REPOSITORY,
      base,
    };
    const comments = new Map(pullsToRead(known).map((number) => [number, this.comments.get(number) ?? []]));
    return { ...known, comments };
  }

  decide(): readonly Decision[] {
    return decide(this.input());
  }

  /** @param stopAfter actions, as a run that is killed then */
  run(stopAfter = Number.POSITIVE_INFINITY, check: () => void = () => {}): readonly Decision[] {
    const decisions = this.decide();
    let left = stopAfter;
    for (const { actions } of decisions) {
      for (const action of actions) {
        if (left-- <= 0) return decisions;
        this.apply(action);
        check();
      }
    }
    return decisions;
  }

  open(head: string): readonly PullRequest[] {
    return this.pulls.filter((pull) => pull.head === head && pull.state === 'open' && pull.author === SELF);
  }

  /** Of the branch of this repository, whoever opened them. */
  #openOf(head: string): readonly Mutable<PullRequest>[] {
    return this.pulls.filter((pull) => pull.head === head && pull.state === 'open' && pull.headRepository === REPOSITORY);
  }

  apply(action: Action): void {
    if (action.do === 'push') this.#push(action);
    else if (action.do === 'open') this.#open(action);
    else if (action.do === 'edit') this.pull(action.number).body = this.#body(action.group);
    else if (action.do === 'comment') this.#comment(action.number, action.text);
    else if (action.do === 'close') this.#close(action);
    else if (action.do === 'delete-branch') this.#delete(action);
    else this.extras.push(`${action.do} #${this.pull(action.number).number}`);
  }

  pull(number = this.#opened): Mutable<PullRequest> {
    const pull = this.pulls.find((one) => one.number === number);
    if (!pull) throw new Error(`no #${number}`);
    return pull;
  }

  #group(name: string): WantedGroup {
    const group = this.groups.find((one) => one.name === name);
    if (!group) throw new Error(`no group ${name}`);
    return group;
  }

  #body(name: string, pending = false): string {
    const { fingerprint } = this.#group(name);
    const head = this.branches.get(`${this.settings.branchPrefix}${name}`)?.sha;
    if (head === undefined) throw new Error(`a text about ${name}, which has no branch`);
    const state: BodyState = { version: 1, group: name, fingerprint, head, groupBy: this.settings.groupBy };
    return `${formatState({ ...state, ...(pending && { pending }) })}\n\nText`;
  }

  #push({ branch, group, lease }: Extract<Action, { do: 'push' }>): void {
    if (this.branches.get(branch)?.sha !== lease) throw new Error(`${branch} is not what the lease says`);
    const { fingerprint } = this.#group(group);
    const sha = this.sha();
    this.branches.set(branch, {
      name: branch,
      sha,
      fingerprint,
      foreignCommits: 0,
      conflicts: false,
      isOnBase: true,
      isMerged: false,
    });
    for (const pull of this.#openOf(branch)) pull.headSha = sha;
  }

  #open({ branch, group, pending }: Extract<Action, { do: 'open' }>): void {
    this.addPull({ head: branch, body: this.#body(group, pending) });
  }

  addPull(more: Partial<PullRequest>): Mutable<PullRequest> {
    const number = this.pulls.length + 1;
    const pull: Mutable<PullRequest> = {
      number,
      url: `https://forge.example/${number}`,
      state: 'open',
      isDraft: false,
      title: 'fix: x',
      body: '',
      base: this.base,
      head: '',
      headRepository: REPOSITORY,
      labels: [],
      author: SELF,
      ...more,
    };
    const sha = this.branches.get(pull.head)?.sha;
    if (pull.headSha === undefined && sha !== undefined) pull.headSha = sha;
    const isSame = (one: PullRequest) => one.state === 'open' && one.head === pull.head && one.base === pull.base;
    if (pull.state === 'open' && this.pulls.some((one) => isSame(one) && one.headRepository === pull.headRepository))
      throw new Error(`a second pull request for ${pull.head}`);
    this.pulls.push(pull);
    if (pull.author === SELF) this.#opened = number;
    return pull;
  }

  #comment(number: number, body: string): void {
    const comments = this.comments.get(number) ?? [];
    comments.push({ author: SELF, body });
    this.comments.set(number, comments);
  }

  #close({ number, for: why, comment }: Extract<Action, { do: 'close' }>): void {
    const pull = this.pull(number);
    const state = parseState(pull.body) ?? {
      version: 1,
      group: pull.head.slice(this.settings.branchPrefix.length),
      fingerprint: '0'.repeat(64),
      head: '0'.repeat(40),
    };
    pull.body = withState(pull.body, { ...state, closedFor: why });
    this.#comment(number, comment);
    pull.state = 'closed';
  }

  #delete({ branch, lease }: Extract<Action, { do: 'delete-branch' }>): void {
    if (this.branches.get(branch)?.sha !== lease) throw new Error(`${branch} is not what the lease says`);
    this.branches.delete(branch);
    for (const pull of this.#openOf(branch)) pull.state = 'closed';
  }

  // What people do.

  personCloses(number: number): void {
    this.pull(number).state = 'closed';
  }

  personMerges(number: number, isSquashed = false): void {
    const pull = this.pull(number);
    pull.state = 'merged';
    const branch = this.branches.get(pull.head);
    if (branch) Object.assign(branch, { isMerged: !isSquashed, isOnBase: !isSquashed });
    this.groups = this.groups.filter(({ name }) => `${this.settings.branchPrefix}${name}` !== pull.head);
  }

  personCommits(name: string): void {
    const branch = this.branches.get(name);
    if (!branch) return;
    Object.assign(branch, { sha: this.sha(), foreignCommits: branch.foreignCommits + 1, isMerged: false });
    delete branch.fingerprint;
    for (const pull of this.#openOf(name)) pull.headSha = branch.sha;
  }

  baseMoves(conflicts: boolean): void {
    for (const branch of this.branches.values())
      Object.assign(branch, { isOnBase: false, conflicts: branch.conflicts || conflicts });
  }
}
