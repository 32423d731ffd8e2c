import { alignedRows } from '../text/columns.ts';
import { duration, grouped, quoted } from '../text/words.ts';
import type { Parallelism } from './parallelism.ts';
import type { PlannedRun } from './plan.ts';

/** Agent steps that a run still has to make. */
export function stepsLeft({ state, options, progress }: PlannedRun): number {
  if (state === 'finished') return 0;
  return Math.max(0, options.steps - (progress?.agentStep ?? 0));
}

/** The plan for a screen: a row per run, what is there of it, and where. */
export function planTable(runs: readonly PlannedRun[]): string {
  const rows = runs.map((run) => [run.game, run.arm.core, `${run.seed}`, stateWords(run), run.path]);
  return alignedRows([['game', 'core', 'seed', 'state', 'folder'], ...rows]).join('\n');
}

function stateWords({ state, progress, options }: PlannedRun): string {
  if (state !== 'partly trained') return state;
  return `${grouped(progress?.agentStep ?? 0)} of ${grouped(options.steps)} steps`;
}

/** What is to be trained, how, and how long it will take as far as that is known. */
export function planSummary(runs: readonly PlannedRun[], parallelism: Parallelism): string {
  const missing = runs.filter(({ state }) => state !== 'finished');
  if (missing.length === 0) return `All ${runs.length} runs are trained.`;
  const steps = missing.reduce((sum, run) => sum + stepsLeft(run), 0);
  const threads = `${parallelism.threads} thread${parallelism.threads === 1 ? '' : 's'}`;
  const left = secondsLeft(missing, runs, parallelism);
  return (
    `To train: ${missing.length} of ${runs.length} runs, ${grouped(steps)} agent steps, ` +
    `${parallelism.runs} at once with ${threads} each; ` +
    (left === undefined ? 'how long it takes is known when they are going' : `about ${duration(left)}`)
  );
}

/**
 * By the speeds of runs of the same core that have made steps, each step as slow as those on average; where a core has
 * none, by all. Undefined without any.
 */
function secondsLeft(missing: readonly PlannedRun[], runs: readonly PlannedRun[], { runs: atOnce }: Parallelism) {
  const all = secondsPerStep(runs);
  if (all === undefined) return undefined;
  const seconds = missing.reduce((sum, run) => {
    const own = secondsPerStep(runs.filter(({ arm }) => arm.core === run.arm.core));
    return sum + stepsLeft(run) * (own ?? all);
  }, 0);
  return seconds / atOnce;
}

function secondsPerStep(runs: readonly PlannedRun[]): number | undefined {
  const sum = (of: (run: PlannedRun) => number): number => runs.reduce((total, run) => total + of(run), 0);
  const steps = sum(({ progress }) => progress?.agentStep ?? 0);
  return steps > 0 ? sum(({ progress }) => progress?.seconds ?? 0) / steps : undefined;
}

/** A run's own name in a comparison: "Breakout rim seed 1". */
export function nameOf({ game, arm, seed }: PlannedRun): string {
  return `${game} ${arm.core} seed ${seed}`;
}

/** A command with its arguments, as it must be typed. */
export function commandLine(args: readonly string[]): string {
  return ['npm run compare --', ...args.map(quoted)].join(' ');
}
