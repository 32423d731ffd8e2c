import type { AnyEnv } from '../env.ts';

/** A class of wrappers, whose constructor takes the environment and its arguments as one object, or such a function. */
export type WrapperCreator =
  (new (env: AnyEnv, kwargs: never) => AnyEnv) | ((env: AnyEnv, kwargs: never) => AnyEnv | Promise<AnyEnv>);

/** How an environment was wrapped (gymnasium.envs.registration.WrapperSpec). */
export interface WrapperSpec {
  name: string;
  /** As an environment's: the wrapper, or where it is exported, `gym-js:ClipReward`. */
  entryPoint: string | WrapperCreator;
  /** What it was made with. */
  kwargs?: Record<string, unknown> | undefined;
}
