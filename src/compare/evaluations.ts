import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { loadBundle } from '../../agents/bundle/load-bundle.ts';
import { UserError } from '../errors.ts';
import { type Evaluation, readEvaluation } from '../evaluate/evaluation.ts';
import { grouped, score } from '../view/words.ts';
import { flagsOf } from './arms.ts';
import type { Parallelism } from './parallelism.ts';
import type { CompareOptions } from './options.ts';
import { runCommandInChild } from './child-process.ts';
import type { ComparedRun } from './run-set.ts';
import { mapConcurrently } from './concurrently.ts';

/** How the agents are evaluated, all alike. */
type Protocol = Pick<CompareOptions, 'episodes' | 'greedy' | 'protocol'>;

const file = 'evaluation.json';
/** Seed of the first game that a run's agent plays. Runs of other seeds play other games: their luck is their own. */
function firstSeed({ seed }: ComparedRun): number {
  return (1 + seed * 100_000) % 2 ** 30;
}

interface Where {
  /** Folder of the comparison: evaluations go there where a run's own folder has another. */
  readonly out: string;
  readonly parallelism: Parallelism;
  readonly say: (text: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Evaluations of runs' agents: those that are there, of the same agent by the same protocol, and the others anew, each
 * in a process of its own.
 * @returns by the runs' paths; undefined once the signal is aborted
 * @throws UserError if one fails, or they are not alike
 */
export async function evaluations(
  runs: readonly ComparedRun[],
  wanted: Protocol,
  { out, parallelism, say, signal }: Where,
): Promise<Map<string, Evaluation> | undefined> {
  const evaluate = async (run: ComparedRun): Promise<Evaluation> => {
    const aside = join(out, 'evaluations', basename(run.path));
    const seed = firstSeed(run);
    const { sha256 } = await loadBundle(run.path);
    const isWanted = (evaluation: Evaluation | undefined): evaluation is Evaluation =>
      evaluation !== undefined && evaluation.agent.sha256 === sha256 && isLike(evaluation, wanted, seed);
    const found = [run.path, aside].map(existing).find(isWanted);
    if (found) return found;
    const folder = existing(run.path) ? aside : run.path;
    const { episodes, greedy, protocol: preset } = wanted;
    const settings = {
      ...{ episodes, preset, seed, threads: parallelism.threads, out: folder, video: false },
      ...(greedy && { greedy }),
    };
    const { ok, said } = await runCommandInChild('evaluate', [run.path, ...flagsOf(settings)], signal);
    const made = ok ? existing(folder) : undefined;
    if (isWanted(made)) say(`${run.name}: ${score(made.summary.mean)} on average of ${grouped(episodes)} games`);
    else if (!signal.aborted)
      throw new UserError(`${run.path} cannot be evaluated: ${said || 'its agent changed meanwhile'}`);
    return made as Evaluation; // of what was stopped nothing is used
  };
  const made = await mapConcurrently(runs, parallelism.runs, evaluate, signal);
  if (signal.aborted) return undefined;
  const all = runs.map((run, i) => [run, made[i] as Evaluation] as const);
  for (const [run, evaluation] of all) {
    const [first, other] = all.find(([{ game }]) => game === run.game) as (typeof all)[number];
    if (other.recipe !== evaluation.recipe)
      throw new UserError(
        `not comparable: ${first.path} was evaluated in ${other.recipe}, ${run.path} in ${evaluation.recipe}; ` +
          '--episodes 0 compares the scores of training',
      );
  }
  return new Map(all.map(([{ path }, evaluation]) => [path, evaluation]));
}

function existing(folder: string): Evaluation | undefined {
  const path = join(folder, file);
  return existsSync(path) ? readEvaluation(path) : undefined;
}

function isLike({ protocol: has }: Evaluation, { episodes, greedy, protocol }: Protocol, seed: number): boolean {
  return has.episodes === episodes && has.greedy === greedy && has.preset === protocol && has.seed === seed;
}

/** What a run's score is, in words. */
export function measureWords({ episodes, greedy, protocol }: Protocol): string {
  const actions = greedy ? 'the most likely action always' : 'actions drawn by the policy';
  const how = protocol === 'trained' ? 'played as in training' : `by the protocol ${protocol}`;
  return `mean of ${grouped(episodes)} whole games of the frozen agent, ${how}, ${actions}`;
}
