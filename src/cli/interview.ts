import type { DecidedFinding } from '../core/finding.js';
import type { FileResult } from '../engine/types.js';
import { writeSuppression } from '../engine/write-suppression.js';
import { patchBetween, patchOfNew } from '../report/patch.js';
import type { FileReport } from '../report/tally.js';
import { formatFile } from '../report/text.js';
import { visible } from '../report/visible.js';
import type { Run } from './run.js';
import type { Said, Terminal } from './terminal.js';

/** Asks about one finding after the other, as `git add -p` asks about hunks. */
export interface Interview {
  /** The file as the answers make it. Once it is over, nothing is asked any more, and nothing made. */
  about(file: string, text: string): Promise<FileResult>;
  /** Whether Ctrl-C ended it: then the file that was asked about must stay as it is. */
  readonly isInterrupted: boolean;
}

const HELP = `y - make this change
n - do not make it
a - make it, and all later ones in the file
d - make neither it nor any later one in the file
q - quit; make neither it nor any of the remaining ones
s - suppress it: write down, in the file, that it is not wanted, with a reason
e - explain the transform
? - print help
`;

const KEYS = '[y,n,a,d,q,s,e,?]';

export function createInterview(run: Run, terminal: Terminal, explain: (id: string) => Promise<unknown>): Interview {
  const { session, screen, text: look } = run;
  let isOver = false;
  let isInterrupted = false;

  /** What is asked about one file, and what was answered, by key. */
  interface Talk {
    readonly file: string;
    /** As it was read, with the suppressions that were asked for. */
    text: string;
    readonly answers: Map<string, boolean>;
    /** What holds for the rest of the file. */
    rest: boolean | undefined;
  }

  /** @param other what the findings get that nobody was asked about */
  function fix({ file, text, answers, rest }: Talk, other: (key: string) => boolean): FileResult {
    return session.fix(file, text, (key) => answers.get(key) ?? rest ?? other(key));
  }

  /** The first finding that nobody was asked about yet, and how many there would be if all were made. */
  function next(talk: Talk): { readonly finding: DecidedFinding; readonly open: number } | undefined {
    if (talk.rest !== undefined) return undefined;
    let first: string | undefined;
    const open = new Set<string>();
    const { findings } = fix(talk, (key) => {
      first ??= key;
      open.add(key);
      return true;
    });
    const finding = findings.find(({ key }) => key === first);
    return finding && { finding, open: open.size };
  }

  function show(talk: Talk, finding: DecidedFinding): void {
    const without = fix(talk, () => false);
    const withIt = fix(talk, (key) => key === finding.key);
    const objects = withIt.objects.filter(
      ({ ref }) => ref.line === finding.object.line && ref.document === finding.object.document,
    );
    const asked = withIt.findings.filter(({ key }) => key === finding.key);
    screen.say(formatFile(reportOf({ ...withIt, findings: asked, objects, suppressions: [] }), look));
    screen.say(patchBetween(talk.file, without.text, withIt.text, look.colors));
    for (const { path, text, isThere } of withIt.newFiles ?? []) if (!isThere) screen.say(patchOfNew(path, text, look.colors));
  }

  /** Asks until there is an answer. */
  async function ask(talk: Talk, finding: DecidedFinding, open: number): Promise<void> {
    const { answers } = talk;
    for (;;) {
      const at = answers.size + 1;
      const said = await terminal.ask(`(${at}/${answers.size + open}) Make this change to ${visible(talk.file)} ${KEYS}? `);
      switch (wordOf(said)) {
        case 'y':
        case 'yes':
          answers.set(finding.key, true);
          return;
        case 'n':
        case 'no':
          answers.set(finding.key, false);
          return;
        case 'a':
          talk.rest = true;
          return;
        case 'd':
          talk.rest = false;
          return;
        case 'q':
          isOver = true;
          talk.rest = false;
          return;
        case 'interrupt':
          isOver = true;
          isInterrupted = true;
          talk.rest = false;
          return;
        case 's':
          if (await suppress(talk, finding)) return;
          break;
        case 'e':
          await explain(finding.transform);
          break;
        default:
          screen.say(HELP);
      }
      if (isOver) return;
    }
  }

  /** Whether the finding is suppressed now. */
  async function suppress(talk: Talk, finding: DecidedFinding): Promise<boolean> {
    const reason = await terminal.ask('Reason (empty to go back): ');
    if (stops(talk, reason) || reason.line.trim() === '') return false;
    const until = await terminal.ask('Until, as YYYY-MM-DD (empty for always): ');
    if (stops(talk, until)) return false;
    const expires = until.line.trim();
    const written = writeSuppression(talk.text, {
      line: finding.line,
      ids: [finding.transform],
      reason: reason.line.trim(),
      today: run.io.today,
      looked: [finding.object],
      ...(expires !== '' && { expires }),
    });
    if ('trouble' in written) {
      screen.say(`not written: ${visible(written.trouble)}\n`);
      return false;
    }
    const before = talk.text;
    talk.text = written.text;
    const isHeld = fix(talk, () => true).findings.some(({ key, status }) => key === finding.key && status === 'suppressed');
    if (!isHeld) {
      talk.text = before;
      screen.say('not written: a suppression there would not cover it\n');
      return false;
    }
    screen.say(patchBetween(talk.file, before, written.text, look.colors));
    return true;
  }

  /** Whether someone went away in the middle of a question. */
  function stops(talk: Talk, said: Said): said is 'end' | 'interrupt' {
    if (typeof said === 'object') return false;
    isOver = true;
    isInterrupted ||= said === 'interrupt';
    talk.rest = false;
    return true;
  }

  return {
    async about(file, text) {
      const talk: Talk = { file, text, answers: new Map(), rest: isOver ? false : undefined };
      for (let question = next(talk); question !== undefined; question = next(talk)) {
        show(talk, question.finding);
        await ask(talk, question.finding, question.open);
      }
      const result = fix(talk, () => false);
      return result.text === text ? result : { ...result, status: 'changed' };
    },
    get isInterrupted() {
      return isInterrupted;
    },
  };
}

function wordOf(said: Said): string {
  if (said === 'end') return 'q';
  return said === 'interrupt' ? said : said.line.trim().toLowerCase();
}

function reportOf({ file, status, findings, objects, suppressions }: FileResult): FileReport {
  return { file, status, findings, objects, suppressions };
}
