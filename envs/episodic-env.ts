import { type Env, type Generator, type Info, npRandom, type ResetOptions } from 'gym-js';
import type { ResetResult, Space, StepResult } from 'gym-js';

/** What one step led to; an end that is not said is none. */
export interface Outcome {
  reward: number;
  terminated?: boolean;
  truncated?: boolean;
}

/** All that decides how an environment goes on; plain data that JSON holds exactly. */
export interface SavedEnv<Episode> {
  /** Null where the environment was not yet reset. */
  random: Generator['state'] | null;
  episode: Episode | null;
  over: boolean;
}

/**
 * An environment that is told by how an episode begins, goes on and is seen. Everything that changes in it is its
 * generator and its episode, a plain object of numbers, arrays of numbers and booleans: so any moment can be saved.
 */
export abstract class EpisodicEnv<Observation, Action, Episode extends object> implements Env<Observation, Action> {
  abstract readonly observationSpace: Space<Observation>;
  abstract readonly actionSpace: Space<Action>;

  private random: Generator | undefined;
  private episode: Episode | undefined;
  private over = true;

  /** Draws an episode's first state. Throws UserError for options that it does not understand. */
  protected abstract begin(random: Generator, options: Record<string, unknown>): Episode;
  /** Changes the episode by one step; `action` is one that it {@link EpisodicEnv.accepts}. */
  protected abstract advance(episode: Episode, action: Action, random: Generator): Outcome;
  protected abstract observe(episode: Episode): Observation;

  /** As in Gymnasium: with a seed numpy's generator begins anew, without one it goes on. */
  reset({ seed, options = {} }: ResetOptions = {}): ResetResult<Observation> {
    if (seed !== undefined) this.random = npRandom(seed).random;
    this.random ??= npRandom().random;
    this.episode = this.begin(this.random, options);
    this.over = false;
    return { observation: this.observe(this.episode), info: this.inform(this.episode) };
  }

  /** @throws RangeError for an action outside the action space, Error where `reset` must come first */
  step(action: Action): StepResult<Observation> {
    const { episode, random } = this;
    if (!episode || !random) throw new Error('no episode has begun; call reset() before step()');
    if (this.over) throw new Error('the episode is over; call reset() before step()');
    if (!this.accepts(action)) throw new RangeError(`action ${String(action)} is not in the action space`);
    const { reward, terminated = false, truncated = false } = this.advance(episode, action, random);
    this.over = terminated || truncated;
    return { observation: this.observe(episode), reward, terminated, truncated, info: this.inform(episode) };
  }

  close(): void {}

  /** What it is at this moment, for {@link EpisodicEnv.restoreState}; later steps do not change it. */
  saveState(): SavedEnv<Episode> {
    return structuredClone({
      random: this.random?.state ?? null,
      episode: this.episode ?? null,
      over: this.over,
    });
  }

  /** Goes on from where the environment of the same kind was that saved `state`: same draws, same steps. */
  restoreState(state: SavedEnv<Episode>): void {
    const { random, episode, over } = structuredClone(state);
    if (random) {
      this.random ??= npRandom(0).random;
      this.random.restore(random);
    } else this.random = undefined;
    this.episode = episode ?? undefined;
    this.over = over;
  }

  /** Whether `step` takes an action. */
  protected accepts(action: Action): boolean {
    return this.actionSpace.contains(action);
  }

  /** What else is told with each observation. */
  protected inform(_episode: Episode): Info {
    return {};
  }

  /** The episode under way, for pictures; undefined before the first. */
  protected get current(): Episode | undefined {
    return this.episode;
  }
}
