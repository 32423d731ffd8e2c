import { Box, Discrete, type ResetOptions, type ResetResult, type StepResult } from 'gym-js';
import { InProcessRollout, type InProcessEnv, type InProcessOptions } from './in-process-rollout.ts';
import { type ListedEnv, listedRecipe, type SaveableEnv } from './listed-env.ts';
import { UserError } from './user-error.ts';
import { type VectorCode, vectorCode } from './vector-code.ts';

interface SavedNetworkEnv {
  steps: number;
  env: object;
}

/** A listed environment as a network takes it: observations are vectors (see `vectorCode`), its time limit holds. */
export class NetworkEnv implements InProcessEnv {
  readonly observationSpace: Box;
  readonly actionSpace: Discrete;
  private readonly env: SaveableEnv<unknown, number>;
  private readonly code: VectorCode;
  private readonly maxEpisodeSteps: number;
  private steps = 0;

  /** Throws UserError for an environment whose actions are not discrete. */
  constructor({ name, entryPoint, kwargs = {}, maxEpisodeSteps = Infinity }: ListedEnv) {
    this.env = new entryPoint(kwargs as never) as SaveableEnv<unknown, number>;
    const { observationSpace, actionSpace } = this.env;
    if (!(actionSpace instanceof Discrete)) {
      throw new UserError(
        `${name} has continuous actions, which PPO here does not learn; take another, such as PendulumDiscrete-v1`,
      );
    }
    this.code = vectorCode(observationSpace);
    this.observationSpace = new Box({ low: -Infinity, high: Infinity, shape: [this.code.size], dtype: 'float32' });
    this.actionSpace = actionSpace;
    this.maxEpisodeSteps = maxEpisodeSteps;
  }

  reset(options?: ResetOptions): ResetResult<Float32Array> {
    const { observation, info } = this.env.reset(options);
    this.steps = 0;
    return { observation: this.vector(observation), info };
  }

  step(action: number): StepResult<Float32Array> {
    const { observation, truncated, ...rest } = this.env.step(action);
    this.steps += 1;
    const late = this.steps >= this.maxEpisodeSteps;
    return { ...rest, observation: this.vector(observation), truncated: truncated || late };
  }

  close(): void {
    this.env.close();
  }

  saveState(): SavedNetworkEnv {
    return { steps: this.steps, env: this.env.saveState() };
  }

  restoreState({ steps, env }: SavedNetworkEnv): void {
    this.env.restoreState(env);
    this.steps = steps;
  }

  private vector(observation: unknown): Float32Array {
    const vector = new Float32Array(this.code.size);
    this.code.write(observation, vector, 0);
    return vector;
  }
}

/** Several of a listed environment, as the trainer wants them. Throws UserError as {@link NetworkEnv} does. */
export function listedRollout(listed: ListedEnv, options: Omit<InProcessOptions, 'recipe'>): InProcessRollout {
  return new InProcessRollout(() => new NetworkEnv(listed), { ...options, recipe: listedRecipe(listed) });
}
