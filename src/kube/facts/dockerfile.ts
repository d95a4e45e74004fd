import { DockerfileParser, type Instruction } from 'dockerfile-ast';
import type { DockerfileFacts, DockerfileReader } from '../repo-facts.js';

interface Stage {
  readonly name: string | undefined;
  readonly from: string;
  readonly instructions: readonly Instruction[];
}

/** Instructions that are understood here. Others, heredocs among them, may do anything. */
const KNOWN: ReadonlySet<string> = new Set(
  'ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER RUN SHELL STOPSIGNAL USER VOLUME WORKDIR'.split(' '),
);

/** `# syntax=…` of somebody else, and templates from which a Dockerfile is made. */
const FOREIGN = /^#[ \t]*syntax[ \t]*=[ \t]*(?!docker(?:\.io)?\/|docker\/)|\{\{|^%%/im;

/** Nobody writes more of them by hand; each may start from the one before. */
const MOST_STAGES = 100;

/** The only place that knows `dockerfile-ast`, which is large: loaded only where there is a Dockerfile. */
export const readDockerfile: DockerfileReader = (text) => {
  if (FOREIGN.test(text)) return undefined;
  const stages = readStages(DockerfileParser.parse(text).getInstructions());
  const last = stages.at(-1);
  if (last === undefined || stages.length > MOST_STAGES) return undefined;
  const { base, instructions } = resolveStage(stages, last);
  if (instructions.some((instruction) => !KNOWN.has(instruction.getKeyword()) || /<<-?["']?\w/.test(contentOf(instruction)))) {
    return undefined;
  }
  const runs = instructions.filter((each) => each.getKeyword() === 'RUN').map(contentOf);
  return {
    base: base.includes('$') ? undefined : base,
    user: readUser(instructions, runs),
    ports: wordsOf(instructions, 'EXPOSE').flatMap(readPort),
    volumes: instructions.filter((each) => each.getKeyword() === 'VOLUME').flatMap(readList),
    isOwnProgram: runs.length > 0 || instructions.some((each) => STARTS.has(each.getKeyword())),
    copies: instructions.filter((each) => COPIES.has(each.getKeyword())).map((each) => wordsIn(each).at(-1) ?? '/'),
    gains: runs.some((run) => /\bsetcap\b/.test(run))
      ? 'file-capabilities'
      : runs.some((run) => /\bchmod\s+(?:[ugoa]*\+[rwx]*s|0?[4-7]\d{3}\b)/.test(run) || installsSudo(run))
        ? 'set-uid'
        : undefined,
  };
};

/** In two steps, and over all lines of the command: one pattern for both takes quadratic time. */
function installsSudo(run: string): boolean {
  const start = run.search(/\b(?:install|add)\b/);
  return start >= 0 && /\bsudo\b/.test(run.slice(start));
}

const STARTS: ReadonlySet<string> = new Set(['CMD', 'ENTRYPOINT', 'ENV', 'SHELL', 'WORKDIR']);
const COPIES: ReadonlySet<string> = new Set(['ADD', 'COPY']);

function readStages(instructions: readonly Instruction[]): readonly Stage[] {
  const stages: (Stage & { readonly instructions: Instruction[] })[] = [];
  for (const instruction of instructions) {
    if (instruction.getKeyword() === 'FROM') {
      const [from = '', as, name] = wordsIn(instruction).filter((word) => !word.startsWith('--'));
      stages.push({ from, name: as?.toUpperCase() === 'AS' ? name?.toLowerCase() : undefined, instructions: [] });
    } else stages.at(-1)?.instructions.push(instruction);
  }
  return stages;
}

/** A stage together with those of the same file that it starts from. */
function resolveStage(
  stages: readonly Stage[],
  stage: Stage,
): { readonly base: string; readonly instructions: readonly Instruction[] } {
  const earlier = stages.slice(0, stages.indexOf(stage));
  const parent = earlier.findLast(({ name }) => name === stage.from.toLowerCase());
  if (parent === undefined) return { base: stage.from, instructions: stage.instructions };
  const { base, instructions } = resolveStage(earlier, parent);
  return { base, instructions: [...instructions, ...stage.instructions] };
}

function readUser(instructions: readonly Instruction[], runs: readonly string[]): DockerfileFacts['user'] {
  const [written] = wordsOf(instructions, 'USER').slice(-1);
  if (written === undefined) return instructions.some((each) => each.getKeyword() === 'USER') ? 'unknown' : 'inherited';
  const [name = ''] = written.split(':');
  if (/^\d+$/.test(name)) return Number(name);
  if (!/^[\w.-]+$/.test(name)) return 'unknown';
  return { name, uid: name === 'root' ? 0 : findId(name, runs) };
}

/** The id that a command gives to a user that it makes. */
function findId(name: string, runs: readonly string[]): number | null {
  const ids = new Set<number>();
  // Another command may give it another id.
  if (runs.some((run) => /\busermod\b/.test(run))) return null;
  for (const run of runs) {
    for (const [command] of run.matchAll(/\b(?:useradd|adduser)\b[^;&|\n]*(?:\\\n[^;&|\n]*)*/g)) {
      const id = /(?:\s-\w*u|\s--uid)[\s=]+(\d+)\b/.exec(command)?.[1];
      if (id !== undefined && new RegExp(`\\s${name.replaceAll('.', '\\.')}(?:\\s|\\\\|$)`).test(command)) ids.add(Number(id));
    }
  }
  const [id] = ids;
  return ids.size === 1 && id !== undefined ? id : null;
}

function readPort(word: string): readonly number[] {
  const [, port] = /^(\d+)(?:\/tcp|\/udp)?$/i.exec(word) ?? [];
  return port === undefined ? [] : [Number(port)];
}

function readList(instruction: Instruction): readonly string[] {
  const content = contentOf(instruction).trim();
  const words = content.startsWith('[')
    ? [...content.matchAll(/"([^"]*)"/g)].map((match) => match[1] ?? '')
    : wordsIn(instruction);
  return words.filter((word) => word.startsWith('/') && !word.includes('$'));
}

function wordsOf(instructions: readonly Instruction[], keyword: string): readonly string[] {
  return instructions.filter((each) => each.getKeyword() === keyword).flatMap(wordsIn);
}

/** The words of an instruction, with the values of variables where the file has them. */
function wordsIn(instruction: Instruction): readonly string[] {
  return instruction.getExpandedArguments().map((argument) => argument.getValue());
}

function contentOf(instruction: Instruction): string {
  return instruction.getArgumentsContent() ?? '';
}
