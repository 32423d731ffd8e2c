import { grouped } from '../text/words.ts';
import { type ComparedArm, type ComparedRun, gamesIn } from './run-set.ts';

/** Versions whose change moves no score of itself: they may move the last bits. */
const ofLastBits: ReadonlySet<string> = new Set(['node', 'tensorflow', 'kernels']);

/** Why runs are not comparable, each in words; empty where they are. */
export function differences(arms: readonly ComparedArm[]): string[] {
  const runs = arms.flatMap((arm) => arm.runs);
  const games = gamesIn(arms);
  return [
    ...differing('agent steps', runs, ({ plannedSteps }) => grouped(plannedSteps)),
    ...runs.flatMap((run) => unfinished(run)),
    ...games.flatMap((game) => {
      const own = runs.filter((run) => run.game === game);
      return [
        ...differing(`the preprocessing of ${game}`, own, ({ config }) => config.environment.recipe),
        ...differing(`versions in ${game}`, own, versionsOf),
      ];
    }),
    ...games.flatMap((game) =>
      arms
        .filter((arm) => !arm.runs.some((run) => run.game === game))
        .map(({ name }) => `${name} has no run of ${game}`),
    ),
  ];
}

/** What may have moved the last bits: differing versions that do not forbid to compare. */
export function lesserDifferences(arms: readonly ComparedArm[]): string[] {
  const runs = arms.flatMap((arm) => arm.runs);
  return [...ofLastBits].flatMap((name) => differing(name, runs, ({ config }) => config.versions[name] ?? 'unknown'));
}

function unfinished({ path, agentSteps, plannedSteps }: ComparedRun): string[] {
  if (agentSteps >= plannedSteps) return [];
  return [`${path} has made ${grouped(agentSteps)} of ${grouped(plannedSteps)} agent steps`];
}

function versionsOf({ config }: ComparedRun): string {
  const versions = Object.entries(config.versions).filter(([name]) => !ofLastBits.has(name));
  return versions.map(([name, version]) => `${name} ${version}`).join(', ');
}

/** A sentence with two runs that differ; none where all agree. */
function differing(what: string, runs: readonly ComparedRun[], of: (run: ComparedRun) => string): string[] {
  const [first] = runs;
  const other = first && runs.find((run) => of(run) !== of(first));
  return other ? [`${what}: ${of(first)} in ${first.path}, ${of(other)} in ${other.path}`] : [];
}
