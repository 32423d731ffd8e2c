import { isDeepStrictEqual } from 'node:util';
import type { ActorCritic } from '../../agents/actor-critic.ts';
import { savedCoreOptions } from '../../agents/cores/options.ts';
import type { Kernels } from '../../agents/kernels/index.ts';
import type { RolloutEnvironment } from '../../envs/rollout-environment.ts';
import { coreOptions } from '../settings/core-settings.ts';
import { checkMemory } from '../settings/memory.ts';
import { UserError } from '../errors.ts';
import { defaultRunPath, readRun, RunFolder, type SavedRun } from '../runs/index.ts';
import { resumedOptions } from '../settings/resumed-options.ts';
import {
  checkOptions,
  freeSettings,
  type PpoOptions,
  ppoOptions,
  type ResolvedOptions,
  withMachine,
} from './config.ts';
import { agentDescription } from './agent-description.ts';
import { gameName, openEnvironment } from '../environments/rollout.ts';
import type * as Learning from './learning.ts'; // its code is loaded later, see there
import type { Progress } from './trainer.ts';

/** How the one who trains wants to be told of it and to stop it: see {@link Training}. */
interface Listening {
  readonly report: (progress: Progress) => void;
  readonly signal: AbortSignal;
}

/**
 * A run that is ready to train: environments are open, the network is made, the
 * folder is written. Close it in any case.
 */
export interface Session {
  readonly path: string;
  readonly options: ResolvedOptions;
  /** What is to be said of the checkpoint that it goes on from, if the run cannot go on exactly or from the newest. */
  readonly note?: string;
  /** Agent steps made before, of a run that is resumed. */
  readonly agentStep: number;
  train(listening: Listening): Promise<Progress>;
  close(): Promise<void>;
}

/**
 * Begins a run.
 * @param path an empty or new folder; named after game, core, seed and time if not given
 * @param open opens the environments; tests put others there
 * @throws UserError for what the user can mend; nothing is left behind then
 */
export async function newSession(
  wanted: PpoOptions,
  command: string,
  path?: string,
  open = openEnvironment,
): Promise<Session> {
  const parts = await assemble(wanted, open);
  const { env, agent, options } = parts;
  return orClose(env, () => {
    const folder = RunFolder.create(path ?? defaultRunPath(options.game, options.core, options.seed), {
      command,
      options,
      environment: {
        recipe: env.recipe,
        actions: env.actions,
        actionMeanings: [...env.actionMeanings],
        observationShape: [...env.observationShape],
        observationType: env.observationType,
      },
      agent: { ...agent.options },
      parameters: agent.layout.size,
      versions: versions(parts),
    });
    return session(parts, folder);
  });
}

/**
 * Goes on with a run from its last checkpoint, exactly; one that was killed before it had any, from its beginning.
 * @param given what the user said this time; it must agree with the run's settings, {@link freeSettings} ones apart
 * @throws UserError for what the user can mend; the run folder is unchanged then
 */
export async function resumedSession(path: string, given: Record<string, unknown>): Promise<Session> {
  const saved = readRun(path);
  const options = resumedOptions(saved, ppoOptions, freeSettings, given, (said) =>
    typeof said.game === 'string' ? { ...said, game: gameName(said.game) } : said,
  );
  const { found, config } = saved;
  if (found && found.content.agentStep >= options.steps)
    throw new UserError(`${path} has made ${found.content.agentStep} steps; to go on, give --steps above that`);
  const parts = await assemble(options, openEnvironment);
  return orClose(parts.env, () => {
    const asSaved: unknown = JSON.parse(JSON.stringify(parts.agent.options));
    if (!isDeepStrictEqual(asSaved, { ...config.agent, core: savedCoreOptions(config.agent.core) }))
      throw new UserError(
        `${path} was trained with another network than this version makes; use the version in its config.json`,
      );
    const folder = RunFolder.resume(saved, { options: parts.options, versions: versions(parts) });
    return session(parts, folder, saved);
  });
}

interface Parts {
  readonly options: ResolvedOptions;
  readonly env: RolloutEnvironment;
  readonly agent: ActorCritic;
  readonly kernels: Kernels;
  readonly learning: typeof Learning;
}

async function assemble(wanted: PpoOptions, open: typeof openEnvironment): Promise<Parts> {
  checkOptions(wanted);
  const options = { ...withMachine(wanted), game: gameName(wanted.game) };
  const opening = open(options); // its threads start while TensorFlow loads
  const loading = loadLearning(options);
  const [opened, loaded] = await Promise.allSettled([opening, loading]);
  if (opened.status === 'rejected') throw opened.reason;
  const env = opened.value;
  return orClose(env, () => {
    if (loaded.status === 'rejected') throw loaded.reason;
    const learning = loaded.value;
    const kernels = learning.selectKernels(options.kernels, options.precision);
    const { observationShape, observationType, actions } = env;
    const { features } = options;
    const agent = new learning.ActorCritic(
      { observationShape, observationType, actions, features, core: coreOptions(options) },
      kernels,
    );
    checkMemory(agent.layout.size);
    return { options, env, agent, kernels, learning };
  });
}

async function loadLearning({ threads, device }: ResolvedOptions): Promise<typeof Learning> {
  const learning = await import('./learning.ts');
  await learning.loadTensorFlow({ threads, device });
  return learning;
}

function session(parts: Parts, folder: RunFolder, saved?: SavedRun): Session {
  const { options, env, agent, kernels, learning } = parts;
  const checkpoint = saved?.found?.content;
  const anew =
    checkpoint && !checkpoint.play
      ? 'the checkpoint is of an older version: its run goes on with new games'
      : undefined;
  const note = [saved?.found?.note, anew].filter((text) => text !== undefined).join('; ');
  return {
    path: folder.path,
    options,
    ...(note && { note }),
    agentStep: checkpoint?.agentStep ?? 0,
    train: (listening) =>
      learning.train({
        options,
        env,
        agent,
        kernels,
        folder,
        description: agentDescription(options, env, agent, versions(parts)),
        ...(checkpoint && { checkpoint }),
        ...listening,
      }),
    async close() {
      try {
        await env.close();
      } finally {
        folder.close();
      }
    },
  };
}

/** Of what else than Node and this package decides the numbers. */
function versions({ env, kernels, learning }: Parts): Record<string, string> {
  const { describeKernels, tensorflowVersion } = learning;
  return { ...env.versions, tensorflow: tensorflowVersion(), kernels: describeKernels(kernels) };
}

async function orClose<T>(env: RolloutEnvironment, work: () => T): Promise<T> {
  try {
    return work();
  } catch (error) {
    await env.close();
    throw error;
  }
}
