import { type ListedEnv, listedRecipe } from '../../../envs/listed-env.ts';
import { NetworkEnv } from '../../../envs/network-env.ts';
import type { Games, Move, Seen } from './games.ts';

/** Environments of classic control or tasks of memory, in this thread. */
export class ListedGames implements Games {
  readonly count: number;
  readonly recipe: string;
  readonly versions = {};
  readonly #slots: { readonly env: NetworkEnv; score: number; steps: number }[];

  /** @throws UserError where the environment is not one for a network */
  constructor(listed: ListedEnv, count: number) {
    this.count = count;
    this.recipe = listedRecipe(listed);
    this.#slots = Array.from({ length: count }, () => ({ env: new NetworkEnv(listed), score: 0, steps: 0 }));
  }

  async advance(moves: readonly Move[]): Promise<Seen[]> {
    return moves.map((move) => this.#advanceOne(move));
  }

  async close(): Promise<void> {
    for (const { env } of this.#slots) env.close();
  }

  #advanceOne(move: Move): Seen {
    const slot = this.#slots[move.slot];
    if (!slot) throw new RangeError(`slot ${move.slot} does not exist; there are ${this.count}`);
    if ('begin' in move) {
      slot.score = slot.steps = 0;
      const { observation } = slot.env.reset({ seed: move.begin });
      return { observation, fresh: true, ended: 'no', score: 0, frames: 0, livesLost: 0 };
    }
    const { observation, reward, terminated, truncated } = slot.env.step(move.action);
    const score = (slot.score += reward);
    const frames = (slot.steps += 1);
    const ended = terminated ? 'over' : truncated ? 'cut' : 'no';
    return { observation, fresh: false, ended, score, frames, livesLost: 0 };
  }
}
