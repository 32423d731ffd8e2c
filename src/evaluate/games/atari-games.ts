import { type AtariOptions, AtariVectorEnv, type AtariVectorStep } from '../../../envs/atari/index.ts';
import { recipe } from '../../../envs/atari/recipe.ts';
import { sharedAle } from '../../../envs/atari/shared-ale.ts';
import type { Games, Move, Seen } from './games.ts';

export interface AtariGamesOptions {
  /** As `npm run games` lists it. */
  readonly game: string;
  /** All of the recipe. */
  readonly options: AtariOptions;
  readonly count: number;
  /** Threads; as many as cores if not given, never more than slots. */
  readonly workers?: number | undefined;
}

interface Slot {
  lives: number;
  livesLost: number;
}

/** What a vector says of one environment. */
interface Told {
  readonly observation: Uint8Array;
  readonly terminated: boolean;
  readonly truncated: boolean;
  readonly lives: number;
  readonly score: number;
  /** Emulated frames of the game so far. */
  readonly frames: number;
}

type Results = Pick<AtariVectorStep, 'observations' | 'terminations' | 'truncations' | 'infos' | 'envIds'>;

/** Games of Atari in worker threads. */
export class AtariGames implements Games {
  readonly count: number;
  readonly recipe: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly #env: AtariVectorEnv;
  readonly #slots: Slot[];
  /** Frames after which a game is cut, 0 for never. */
  readonly #cap: number;
  #begun = false;

  /** @throws UserError for an unknown game, or an option out of range */
  static async create({ game, options, count, workers }: AtariGamesOptions): Promise<AtariGames> {
    const { version } = await sharedAle(); // first: what fails then leaves no worker behind
    const env = await AtariVectorEnv.create({
      ...options,
      ...{ game, numEnvs: count, autoresetMode: 'disabled', rewardClip: false },
      ...(workers !== undefined && { workers }),
    });
    return new AtariGames(env, options, version);
  }

  private constructor(env: AtariVectorEnv, options: AtariOptions, ale: string) {
    this.#env = env;
    this.count = env.numEnvs;
    this.recipe = recipe({ ...options, rewardClip: false }, ale);
    this.versions = { ale };
    this.#cap = options.maxNumFramesPerEpisode;
    this.#slots = Array.from({ length: env.numEnvs }, () => ({ lives: 0, livesLost: 0 }));
  }

  async advance(moves: readonly Move[]): Promise<Seen[]> {
    const begun = moves.filter((move) => 'begin' in move);
    const stepped = moves.filter((move) => 'action' in move);
    if (begun.length > 0) await this.#begin(begun);
    if (stepped.length > 0) {
      const slots = stepped.map(({ slot }) => slot);
      this.#env.send(
        Int32Array.from(stepped, ({ action }) => action),
        slots,
      );
    }
    const told = byEnvironment(await this.#env.recv());
    const after = await this.#goOn(stepped.map(({ slot }) => slot).filter((slot) => lostLife(of(told, slot))));
    return moves.map((move) => {
      const { slot } = move;
      return 'begin' in move ? this.#first(slot, of(told, slot)) : this.#later(slot, of(told, slot), after.get(slot));
    });
  }

  async close(): Promise<void> {
    await this.#env.close();
  }

  async #begin(moves: readonly { readonly slot: number; readonly begin: number }[]): Promise<void> {
    const seed = new Array<number>(this.count).fill(0);
    for (const { slot, begin } of moves) seed[slot] = begin;
    await this.#env.asyncReset({ seed, ...(this.#begun && { envIds: moves.map(({ slot }) => slot) }) });
    this.#begun = true;
  }

  /** After a lost life that ends the learning episode a reset goes on with the same game. */
  async #goOn(slots: readonly number[]): Promise<ReadonlyMap<number, Told>> {
    if (slots.length === 0) return new Map();
    await this.#env.asyncReset({ envIds: slots });
    return byEnvironment(await this.#env.recv());
  }

  #first(slot: number, { observation, lives, score, frames }: Told): Seen {
    this.#slots[slot] = { lives, livesLost: 0 };
    return { observation, fresh: true, ended: 'no', score, frames, livesLost: 0 };
  }

  /** @param after the lost life, what the game went on with */
  #later(slot: number, told: Told, after?: Told): Seen {
    const own = this.#slots[slot] as Slot;
    own.livesLost += Math.max(0, own.lives - told.lives);
    own.lives = (after ?? told).lives;
    const { livesLost } = own;
    // A game that ended with lives left has not gone on: another began, and its frames count from 0.
    const wentOn = after !== undefined && after.frames >= told.frames;
    if (wentOn) {
      const { observation, score, frames } = after;
      return { observation, fresh: true, ended: 'no', score, frames, livesLost };
    }
    const { observation, score, frames, terminated } = told;
    // Where a life was lost in the step in which the game was cut, the vector tells of the life alone.
    const truncated = told.truncated || (terminated && told.lives > 0 && this.#cap > 0 && frames >= this.#cap);
    return {
      observation,
      fresh: false,
      ended: truncated ? 'cut' : terminated ? 'over' : 'no',
      score,
      frames,
      livesLost,
    };
  }
}

function lostLife({ terminated, lives }: Told): boolean {
  return terminated && lives > 0;
}

function of(told: ReadonlyMap<number, Told>, slot: number): Told {
  const found = told.get(slot);
  if (!found) throw new RangeError(`environment ${slot} has no result`);
  return found;
}

function byEnvironment({ observations, terminations, truncations, infos, envIds }: Results): Map<number, Told> {
  const size = observations.length / envIds.length;
  const { lives, score, episodeFrameNumber } = infos as Readonly<Record<string, Float64Array>>;
  return new Map(
    Array.from(envIds, (env, i) => [
      env,
      {
        observation: observations.subarray(i * size, (i + 1) * size),
        terminated: terminations[i] === 1,
        truncated: truncations[i] === 1,
        lives: lives?.[i] ?? 0,
        score: score?.[i] ?? 0,
        frames: episodeFrameNumber?.[i] ?? 0,
      },
    ]),
  );
}
