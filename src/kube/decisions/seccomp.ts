import type { ContainerView } from '../types.js';
import type { Decision } from './decision.js';
import { listOf, stringsIn } from './deviations.js';

/** Programs that call what the runtime's own profile forbids, by a word of the image's name, or of the command. */
const CALLERS: readonly (readonly [RegExp, string])[] = [
  [
    /chrom(?:e|ium)|puppeteer|playwright|selenium|browserless|cypress|electron|firefox|kasm|webkit/,
    'a browser makes its sandbox of user namespaces',
  ],
  [
    /buildkit|buildah|podman|(?:^|[/:-])dind|rootless|sysbox|envbox|kindest|k3s|apptainer|singularity|bubblewrap|\bbwrap|nsjail|\bunshare/,
    'it nests containers',
  ],
  [/strace|\bgdb|\bdelve|\bperf\b|bpftrace|\bbcc\b|\bparca|netshoot|debug-?tools/, 'a debugger traces and profiles'],
  [/scylla|tigerbeetle|io.?uring|glommio/, 'it is built on io_uring'],
];

/** Whether the runtime's default profile is in the way of the container. */
export function needsMoreSyscalls(container: ContainerView): Decision<boolean> {
  for (const [text, cited] of namesIn(container)) {
    const [, reason] = CALLERS.find(([pattern]) => pattern.test(text.toLowerCase())) ?? [];
    if (reason !== undefined) return { answer: true, risk: 'high', evidence: [`${cited}: ${reason}`] };
  }
  return { answer: false, risk: 'low', evidence: ['the profile that container runtimes use of their own accord'] };
}

/** Texts that name a program, and how the report names them. */
function namesIn(container: ContainerView): readonly (readonly [text: string, cited: string])[] {
  const { image = '' } = container;
  const words = ['command', 'args'].flatMap((field) => {
    const { value } = container.get(field);
    // An option names what a program works with, such as folders that it leaves out, and no program.
    const names = stringsIn(listOf(value)).filter((word) => !word.startsWith('-'));
    return names.map((word) => [word, `its ${field}`] as const);
  });
  return [[image, image], ...words];
}

/** What is in the way of the default profile in some of the containers; else, where nothing is, why not. */
export function reasonsOf(containers: readonly ContainerView[]): readonly string[] {
  const decisions = containers.map(needsMoreSyscalls);
  const reasons = decisions.filter(({ answer }) => answer);
  return [...new Set((reasons.length > 0 ? reasons : decisions).flatMap(({ evidence }) => evidence))];
}
