import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { loadBundle } from '../../agents/bundle/load-bundle.ts';
import type { AgentManifest } from '../../agents/bundle/manifest.ts';
import { listedOf } from '../environments/of-agent.ts';
import { isUserError, UserError } from '../errors.ts';
import { type Evaluation, evaluationFile, readEvaluation } from '../evaluate/evaluation.ts';
import { evaluatedOptions } from '../evaluate/protocol.ts';
import { largestFirstSeed, mostEpisodes } from '../evaluate/settings.ts';
import { grouped, score } from '../text/words.ts';
import { flagsOf } from './arms.ts';
import type { Parallelism } from './parallelism.ts';
import type { CompareOptions } from './options.ts';
import { runCommandInChild } from './child-process.ts';
import type { ComparedRun } from './run-set.ts';
import { mapConcurrently } from './concurrently.ts';

/** How the agents are evaluated, all alike. */
type Wanted = Pick<CompareOptions, 'episodes' | 'greedy' | 'protocol'>;

/** Seed of the first game that a run's agent plays. Runs of other seeds play other games: their luck is their own. */
function firstSeed({ seed }: ComparedRun): number {
  return (1 + seed * mostEpisodes) % largestFirstSeed;
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
  wanted: Wanted,
  { out, parallelism, say, signal }: Where,
): Promise<Map<string, Evaluation> | undefined> {
  const evaluate = async (run: ComparedRun): Promise<Evaluation> => {
    const { sha256, manifest } = await loadBundle(run.path);
    const { episodes, greedy, protocol } = wanted;
    const seed = firstSeed(run);
    const madeBy = { name: protocol, episodes, seed, greedy, settings: settingsOf(manifest, protocol) };
    const isWanted = (evaluation: Evaluation | undefined): evaluation is Evaluation =>
      evaluation?.agent.sha256 === sha256 && isMadeBy(madeBy, evaluation);
    // By the agent: run folders of different places may have one name.
    const aside = join(out, 'evaluations', sha256.slice(0, 16));
    const found = [run.path, aside].map(existing).find(isWanted);
    if (found) return found;
    const folder = existsSync(join(run.path, evaluationFile)) ? aside : run.path;
    const settings = {
      ...{ episodes, protocol, seed, threads: parallelism.threads, out: folder, video: false },
      ...(greedy && { greedy }),
    };
    const { ok, said } = await runCommandInChild('evaluate', [run.path, ...flagsOf(settings)], signal);
    const made = ok ? existing(folder) : undefined;
    if (isWanted(made)) say(`${run.name}: ${score(made.summary.mean)}, ${gamesWords(episodes)}`);
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

/** What lies in a folder; what cannot be read, is damaged or of another version is as good as none. */
function existing(folder: string): Evaluation | undefined {
  const path = join(folder, evaluationFile);
  if (!existsSync(path)) return undefined;
  try {
    return readEvaluation(path);
  } catch (error) {
    if (!isUserError(error)) throw error;
    return undefined;
  }
}

/** All options of the environment in which an agent is evaluated by a protocol, nothing given over it. */
function settingsOf({ environment }: AgentManifest, name: Wanted['protocol']): Evaluation['protocol']['settings'] {
  if (listedOf(environment)) return environment.settings;
  return { ...evaluatedOptions(environment, name) };
}

/** Whether an evaluation was made as is wanted; as in its file, what is undefined is not there. */
function isMadeBy(wanted: Omit<Evaluation['protocol'], 'given'>, { protocol }: Evaluation): boolean {
  const { given: _, ...has } = protocol; // it is in the settings
  return isDeepStrictEqual(has, JSON.parse(JSON.stringify(wanted)));
}

/** What a run's score is, in words. */
export function measureWords({ episodes, greedy, protocol }: Wanted): string {
  const actions = greedy ? 'the most likely action always' : 'actions drawn by the policy';
  const how = protocol === 'trained' ? 'played as in training' : `by the protocol ${protocol}`;
  return `${gamesWords(episodes)} of the frozen agent, ${how}, ${actions}`;
}

function gamesWords(episodes: number): string {
  return episodes === 1 ? 'score of one whole game' : `mean of ${grouped(episodes)} whole games`;
}
