import { setTimeout as pause } from 'node:timers/promises';
import { isUserError } from '../errors.ts';
import { indifferentSettings } from '../ppo/config.ts';
import { flagsOf } from './arms.ts';
import type { Parallelism } from './parallelism.ts';
import { type Ending, runCommandInChild } from './child-process.ts';
import type { PlannedRun } from './plan.ts';
import { lastProgress, type RunProgress, savedSteps } from '../runs/run-progress.ts';
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
  const look = (): void => {
    for (const [i, state] of states.entries()) if (state.phase === 'going') states[i] = lookedAt(state);
    report([...states]);
  };
  const train = async (run: PlannedRun, i: number): Promise<void> => {
    states[i] = { run, phase: 'going' };
    const ending = await runCommandInChild('ppo', flagsFor(run, parallelism), signal);
    states[i] = ended(lookedAt(states[i]), ending, signal.aborted);
  };
  const watched = watch(look, looking.signal);
  watched.catch(() => undefined); // told below, once all runs have ended and are saved
  try {
    await mapConcurrently(runs, parallelism.runs, train, signal);
  } finally {
    looking.abort();
    await watched;
  }
  look();
  return states;
}

/** How far a run is now; where that cannot be read at the moment, as it was seen last. */
function lookedAt(state: TrainedRun): TrainedRun {
  try {
    const progress = lastProgress(state.run.path);
    return progress ? { ...state, progress } : state;
  } catch (error) {
    if (!isUserError(error)) throw error;
    return state;
  }
}

/** How a run ended. One that was told to stop before it had anything to save is stopped, whatever it said. */
function ended(state: TrainedRun, { ok, killedBy, said }: Ending, aborted: boolean): TrainedRun {
  const { run } = state;
  if (!ok && !(aborted && killedBy === 'SIGINT')) return { ...state, phase: 'failed', said };
  try {
    return { ...state, phase: savedSteps(run.path) >= run.options.steps ? 'trained' : 'stopped' };
  } catch (error) {
    if (!isUserError(error)) throw error;
    return { ...state, phase: 'failed', said: error.message };
  }
}

async function watch(look: () => void, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    look();
    await pause(lookInterval, undefined, { signal }).catch(() => undefined);
  }
}

/** What `npm run ppo` is told. */
function flagsFor({ arm, game, seed, path, options, state }: PlannedRun, { threads }: Parallelism): string[] {
  const machine = { threads, workers: Math.min(threads, options.envs) };
  if (state === 'missing') return flagsOf({ game, core: arm.core, seed, run: path, ...machine, ...arm.given });
  const given = Object.entries(arm.given).filter(([key]) => indifferentSettings.has(key));
  return flagsOf({ resume: path, ...machine, ...Object.fromEntries(given) });
}
