import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { ActorCritic } from '../../agents/actor-critic.ts';
import { loadTensorFlow, tensorflowVersion } from '../../agents/kernels/backend.ts';
import { type Kernels, selectKernels } from '../../agents/kernels/index.ts';
import { aleVersion, AtariPool, resolveGame } from '../../envs/atari/index.ts';
import { cueRecallRollout } from '../../envs/memory/index.ts';
import type { RolloutEnvironment } from '../../envs/rollout-environment.ts';
import { UserError } from '../errors.ts';
import { defaultRunPath, readRun, RunFolder, type SavedRun } from '../runs/index.ts';
import {
  checkOptions,
  coreOptions,
  cueRecall,
  type PpoOptions,
  ppoOptions,
  type ResolvedOptions,
  withMachine,
} from './config.ts';
import { type Progress, train } from './trainer.ts';

/** How the one who trains wants to be told of it and to stop it: see {@link Training}. */
interface Listening {
  readonly report: (progress: Progress) => void;
  readonly signal: AbortSignal;
}

/** A run that is ready to train: environments are open, the network is made, the folder is written. Close it in any case. */
export interface Session {
  readonly path: string;
  readonly options: ResolvedOptions;
  /** "Breakout · rim · seed 1" */
  readonly title: string;
  /** Agent steps made before, of a run that is resumed. */
  readonly agentStep: number;
  train(listening: Listening): Promise<Progress>;
  close(): Promise<void>;
}

/** Settings that may change when a run is resumed: they decide how long and how fast, not what is learned. */
const free: ReadonlySet<string> = new Set(['steps', 'workers', 'threads', 'kernels', 'checkpointEvery']);

/**
 * Begins a run.
 * @param path an empty or new folder; named after game, core, seed and time if not given
 * @throws UserError for what the user can mend; nothing is left behind then
 */
export async function newSession(options: PpoOptions, command: string, path?: string): Promise<Session> {
  const parts = await assemble(options, 0);
  const { env, agent, game } = parts;
  return orClose(env, () => {
    const folder = RunFolder.create(path ?? defaultRunPath(game, options.core, options.seed), {
      command,
      options: parts.options,
      environment: {
        recipe: env.recipe,
        actions: env.actions,
        actionMeanings: [...env.actionMeanings],
        observationShape: [...env.observationShape],
        observationType: env.observationType,
      },
      agent: { ...agent.options },
      parameters: agent.layout.size,
      versions: { ale: aleVersion(), tensorflow: tensorflowVersion(), kernels: parts.kernels.name },
    });
    return session(parts, folder);
  });
}

/**
 * Goes on with a run from its last checkpoint. Games begin anew.
 * @param given what the user said this time; it must agree with the run's settings, {@link free} ones apart
 * @throws UserError for what the user can mend; the run folder is unchanged then
 */
export async function resumedSession(path: string, given: Record<string, unknown>): Promise<Session> {
  const saved = readRun(path);
  const options = resumedOptions(saved, given);
  const { checkpoint, config } = saved;
  if (checkpoint.agentStep >= options.steps)
    throw new UserError(`${path} has made its ${options.steps} steps; go on with --steps ${2 * options.steps} or more`);
  const parts = await assemble(options, checkpoint.update);
  return orClose(parts.env, () => {
    const asSaved: unknown = JSON.parse(JSON.stringify(parts.agent.options));
    if (!isDeepStrictEqual(asSaved, config.agent))
      throw new UserError(
        `${path} was trained with another network than this version makes; use the version in its config.json`,
      );
    return session(parts, RunFolder.resume(saved, parts.options), saved);
  });
}

function resumedOptions({ path, config }: SavedRun, given: Record<string, unknown>): PpoOptions {
  const parsed = ppoOptions.safeParse({
    ...config.options,
    ...Object.fromEntries(Object.entries(given).filter(([key]) => free.has(key))),
  });
  if (!parsed.success)
    throw new UserError(`${path}/config.json: ${z.prettifyError(parsed.error).replaceAll('\n', ' ')}`);
  for (const [key, value] of Object.entries(given)) {
    if (!free.has(key) && !isDeepStrictEqual(value, config.options[key]))
      throw new UserError(
        `${path} was trained with ${key} ${String(config.options[key])}, not ${String(value)}: leave that flag out, or start a new run`,
      );
  }
  return parsed.data;
}

/** What a session is made of; `update` is that of the checkpoint it goes on from, 0 for a new run. */
interface Parts {
  readonly options: ResolvedOptions;
  readonly game: string;
  readonly env: RolloutEnvironment;
  readonly agent: ActorCritic;
  readonly kernels: Kernels;
}

async function assemble(wanted: PpoOptions, update: number): Promise<Parts> {
  checkOptions(wanted);
  const options = withMachine(wanted);
  const game = options.game === cueRecall ? cueRecall : resolveGame(options.game).name;
  const opening = openEnvironment(options, game, update); // its threads start while TensorFlow loads
  opening.catch(() => {}); // heard below
  await loadTensorFlow({ threads: options.threads });
  const kernels = selectKernels(options.kernels);
  const env = await opening;
  return orClose(env, () => {
    const { observationShape, observationType, actions } = env;
    const { features } = options;
    const agent = new ActorCritic(
      { observationShape, observationType, actions, features, core: coreOptions(options) },
      kernels,
    );
    return { options: { ...options, game }, game, env, agent, kernels };
  });
}

/** A resumed run begins new games: seeds of the games depend on the update it goes on from, lest it play the first ones again. */
async function openEnvironment(options: ResolvedOptions, game: string, update: number): Promise<RolloutEnvironment> {
  const { envs, rollout, workers, groups } = options;
  const seed = options.seed + update * 2 ** 31;
  if (game === cueRecall) return cueRecallRollout({ envs, rolloutSteps: rollout, seed });
  const { sticky, noops, frameSkip, stack, lifeLoss, rewardClip, fullActionSet, frameCap } = options;
  const recipe = { sticky, noops, frameSkip, stack, lifeLoss, rewardClip, fullActionSet, frameCap };
  return AtariPool.create({ game, envs, rolloutSteps: rollout, workers, groups, seed, ...recipe });
}

function session({ options, game, env, agent, kernels }: Parts, folder: RunFolder, saved?: SavedRun): Session {
  return {
    path: folder.path,
    options,
    title: `${game} · ${options.core} · seed ${options.seed}`,
    agentStep: saved?.checkpoint.agentStep ?? 0,
    train: (listening) =>
      train({
        options,
        game,
        env,
        agent,
        kernels,
        folder,
        ...(saved && { checkpoint: saved.checkpoint }),
        ...listening,
      }),
    async close() {
      await env.close();
      folder.close();
    },
  };
}

async function orClose<T>(env: RolloutEnvironment, work: () => T): Promise<T> {
  try {
    return work();
  } catch (error) {
    await env.close();
    throw error;
  }
}
