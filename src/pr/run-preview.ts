import { PLAIN } from '../report/colors.js';
import { patchBetween } from '../report/patch.js';
import { withoutValues } from './plan/redact.js';
import { decideAll } from './run.js';
import { groupOf, headOf, openPullOf, reviewersOf, stateOf } from './run-act.js';
import type { Found, GroupReport, PrRun } from './run-types.js';
import type { Action, Group } from './types.js';

/** What a run would push and send for one group, byte by byte. */
export interface Preview extends GroupReport {
  /** One for each side effect, in order. */
  readonly steps: readonly Step[];
}

export type Step =
  | { readonly do: 'push'; readonly branch: string; readonly lease?: string; readonly commits: readonly PreviewCommit[] }
  | {
      readonly do: 'open' | 'edit';
      readonly number?: number;
      readonly head: string;
      readonly base: string;
      readonly isDraft?: boolean;
      readonly title: string;
      readonly body: string;
    }
  | { readonly do: 'comment'; readonly number: number; readonly text: string }
  | { readonly do: 'close'; readonly number: number; readonly comment: string }
  | { readonly do: 'delete-branch'; readonly branch: string }
  | {
      readonly do: 'labels' | 'reviewers' | 'assignees' | 'milestone' | 'auto-merge';
      readonly number?: number;
      readonly names: readonly string[];
    };

interface PreviewCommit {
  readonly message: string;
  /** Against the commit before it; values of `env`, Secrets and ConfigMaps are left out, since logs are read by many. */
  readonly patch: string;
}

/** What would be done about each group; nothing is. Commits are made where nobody sees them, since the body names the last. */
export async function previewPr(run: PrRun, found: Found): Promise<readonly Preview[]> {
  const previews: Preview[] = [];
  for (const decision of decideAll(run, found, run.settings)) {
    const pull = openPullOf(run, found, decision);
    const steps: Step[] = [];
    let head: string | undefined;
    for (const action of decision.actions) {
      if (action.do === 'push') head = await run.remote.build(groupOf(run, action.group));
      steps.push(stepOf(run, found, action, head));
    }
    const { group, outcome, why } = decision;
    previews.push({ group, outcome, why, ...(pull && { number: pull.number, url: pull.url }), notes: [], steps });
  }
  return previews;
}

function stepOf(run: PrRun, found: Found, action: Action, head: string | undefined): Step {
  switch (action.do) {
    case 'push': {
      const { branch, lease } = action;
      return { do: 'push', branch, ...(lease !== undefined && { lease }), commits: commitsOf(run, groupOf(run, action.group)) };
    }
    case 'open':
    case 'edit':
      return textOf(run, found, action, head);
    case 'comment':
      return action;
    case 'close':
      return { do: 'close', number: action.number, comment: action.comment };
    case 'delete-branch':
      return { do: 'delete-branch', branch: action.branch };
    default: {
      const { number } = action;
      return { do: action.do, ...(number !== undefined && { number }), names: namesOf(run, action) };
    }
  }
}

function textOf(run: PrRun, found: Found, action: Extract<Action, { do: 'open' | 'edit' }>, pushed: string | undefined): Step {
  const { settings, base } = run;
  const group = groupOf(run, action.group);
  const branch = `${settings.branchPrefix}${group.name}`;
  const head = headOf(found, branch, pushed);
  const pending = action.do === 'open' ? action.pending : undefined;
  return {
    do: action.do,
    ...('number' in action && action.number !== undefined && { number: action.number }),
    head: branch,
    base,
    ...(action.do === 'open' && { isDraft: settings.draft.includes(group.risk) }),
    title: group.title,
    body: run.describe(group, stateOf(run, group, head, pending)),
  };
}

function commitsOf({ texts }: PrRun, { commits }: Group): readonly PreviewCommit[] {
  const current = new Map(texts);
  return commits.map(({ message, files }) => {
    const patches = [...files].map(([file, text]) => {
      const before = current.get(file) ?? '';
      current.set(file, text);
      return patchBetween(file, withoutValues(before), withoutValues(text), PLAIN);
    });
    return { message, patch: patches.join('') };
  });
}

function namesOf({ settings, groups, self }: PrRun, action: Action): readonly string[] {
  switch (action.do) {
    case 'labels':
      return settings.labels;
    case 'assignees':
      return settings.assignees;
    case 'milestone':
      return settings.milestone === undefined ? [] : [settings.milestone];
    case 'reviewers':
      return reviewersOf(
        settings,
        groups.find(({ name }) => name === action.group),
        self,
      );
    default:
      return [];
  }
}
