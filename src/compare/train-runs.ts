import { setTimeout as pause } from 'node:timers/promises';
import { flagsOf } from './arms.ts';
import type { Parallelism } from './parallelism.ts';
import { runCommandInChild } from './child-process.ts';
import type { PlannedRun } from './plan.ts';
import { lastProgress, type RunProgress, savedSteps } from './run-progress.ts';
import { mapConcurrently } from './concurrently.ts';

/** A run while the comparison trains. */
export interface TrainedRun {
  readonly run: PlannedRun;
  readonly phase: 'waiting' | 'going' | 'trained' | 'stopped' | 'failed';
  readonly progress?: RunProgress;
  /** What went wrong, of one that failed. */
  readonly said?: string;
}

/** How the one who trains is told of it, and stops it. */
interface Listening {
  readonly report: (runs: readonly TrainedRun[]) => void;
  /** Once aborted, runs that are going save and end, and no other begins. */
  readonly signal: AbortSignal;
}

/** Milliseconds between two looks at how far the runs are. */
const lookInterval = 1000;

/**
 * Trains runs, so many at once, each in a process of its own; one that is partly trained goes on. A run that fails
 * does not stop the others.
 * @returns how each ended, in the order of `runs`
 */
export async function trainRuns(
  runs: readonly PlannedRun[],
  parallelism: Parallelism,
  { report, signal }: Listening,
): Promise<TrainedRun[]> {
  const states: TrainedRun[] = runs.map((run) => ({ run, phase: 'waiting' }));
  const looking = new AbortController();
  const look = (): void =>
    report(states.map((state) => (state.phase === 'going' ? { ...state, ...progressOf(state.run) } : state)));
  const train = async (run: PlannedRun, i: number): Promise<void> => {
    states[i] = { run, phase: 'going' };
    const { ok, said } = await runCommandInChild('ppo', flagsFor(run, parallelism), signal);
    const interrupted = signal.aborted && said.startsWith('killed');
    const trained = savedSteps(run.path) >= run.options.steps;
    const phase = !ok && !interrupted ? 'failed' : trained ? 'trained' : 'stopped';
    states[i] = { run, phase, ...progressOf(run), ...(phase === 'failed' && { said }) };
  };
  const watched = watch(look, looking.signal);
  try {
    await mapConcurrently(runs, parallelism.runs, train, signal);
  } finally {
    looking.abort();
    await watched;
  }
  look();
  return states;
}

function progressOf({ path }: PlannedRun): Pick<TrainedRun, 'progress'> {
  const progress = lastProgress(path);
  return progress ? { progress } : {};
}

async function watch(look: () => void, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    look();
    await pause(lookInterval, undefined, { signal }).catch(() => undefined);
  }
}

/** Settings of a run that goes on which this start may decide anew. */
const ofThisStart: readonly string[] = ['threads', 'workers', 'groups', 'kernels', 'device'];

/** What `npm run ppo` is told. */
function flagsFor({ arm, game, seed, path, options, state }: PlannedRun, { threads }: Parallelism): string[] {
  const machine = { threads, workers: Math.min(threads, options.envs) };
  if (state === 'missing') return flagsOf({ game, core: arm.core, seed, run: path, ...machine, ...arm.given });
  const given = Object.entries(arm.given).filter(([key]) => ofThisStart.includes(key));
  return flagsOf({ resume: path, ...machine, ...Object.fromEntries(given) });
}
