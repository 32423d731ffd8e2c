import { type Env, type EnvSpecOptions, register, registry } from 'gym-js';

/** Of an environment that can go on again from any moment of an episode. */
export interface Saveable {
  /** What it is at this moment, as plain JSON. */
  saveState(): object;
  /** Goes on from where the environment of the same class and options was that saved `state`. */
  restoreState(state: object): void;
}

export interface SaveableEnv<Observation, Action> extends Env<Observation, Action>, Saveable {}

/** An environment of a list: what gym-js's registry, a reader and a trainer need to know of it. */
export interface ListedEnv extends EnvSpecOptions {
  /** As it stands in results, such as `RepeatPreviousEasy` of `popgym-RepeatPreviousEasy-v0`. */
  readonly name: string;
  /** What there is to do, in a few words. */
  readonly summary: string;
  readonly entryPoint: new (options: never) => SaveableEnv<unknown, unknown>;
}

/** What is played, in one line: nothing is preprocessed. */
export function listedRecipe({ name, summary }: ListedEnv): string {
  return `${name}: ${summary}`;
}

/** Makes those of a list known to gym-js's `make` that are not yet. */
export function registerListed(list: readonly ListedEnv[]): void {
  for (const listed of list) if (!registry.has(listed.id)) register(listed);
}
