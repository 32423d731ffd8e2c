import type { Decision } from '../../agents/actor-critic.ts';
import { UserError } from '../errors.ts';
import type { ActivationStatistics, ActivationSums, GamesActivation } from './forms.ts';
import { activationStatistics, type CoreSizes, emptySums, nearZeroLimit } from './statistics.ts';

/** What the network did in one step of B environments. */
type Played = Pick<Decision, 'hidden' | 'activation'>;

/**
 * Activation statistics of every step that is played: of each game, and of all environments together since they were
 * last taken. docs/run-folder.md defines the terms.
 */
export class ActivationRecorder {
  readonly #core: CoreSizes;
  readonly #modules: number;
  readonly #games: ActivationSums[];
  #overall: ActivationSums;
  /** (envs, n): 1 where a module was active in the environment's last step. */
  readonly #previous: Uint8Array;

  /** @param envs number of environments */
  constructor(core: CoreSizes, envs: number) {
    this.#core = core;
    this.#modules = core.modules?.count ?? 0;
    this.#games = Array.from({ length: envs }, () => emptySums(core));
    this.#overall = emptySums(core);
    this.#previous = new Uint8Array(envs * this.#modules);
  }

  /** Notes one step of environments firstEnv, firstEnv + 1, and so on: one per row of `played`. */
  add(firstEnv: number, { hidden, activation }: Played): void {
    const { outputSize: width } = this.#core;
    for (let row = 0; row * width < hidden.length; row++) {
      const game = this.#games[firstEnv + row] as ActivationSums;
      const nearZero = countNearZero(hidden, row * width, width);
      for (const tally of [game, this.#overall]) {
        tally.steps++;
        tally.nearZero += nearZero;
      }
      if (activation) this.#addModules(game, firstEnv + row, row, activation.active, activation.nullAttention);
    }
  }

  /** Of the game that has just ended in an environment; its next game starts from nothing. */
  finish(env: number): { readonly sums: ActivationSums; readonly statistics: ActivationStatistics } {
    const sums = this.#games[env] as ActivationSums;
    this.#games[env] = emptySums(this.#core);
    return { sums, statistics: activationStatistics(sums, this.#core) };
  }

  /** Statistics of all steps in all environments since this was last called. */
  take(): ActivationStatistics {
    const overall = this.#overall;
    this.#overall = emptySums(this.#core);
    return activationStatistics(overall, this.#core);
  }

  /** Copies what is known of the games under way. Statistics over all environments must just have been taken. */
  save(): GamesActivation {
    return { games: structuredClone(this.#games), previous: this.#previous.slice() };
  }

  /** Goes on from what `save` returned. Throws UserError, with nothing changed, if it is of other sizes. */
  restore({ games, previous }: GamesActivation): void {
    const fits = games.every((game, i) => {
      const own = this.#games[i];
      return game.active.length === own?.active.length && game.attention.length === own.attention.length;
    });
    if (!fits || games.length !== this.#games.length || previous.length !== this.#previous.length)
      throw new UserError(
        "the checkpoint's statistics of games are of other sizes: it is of another run; put back the right one",
      );
    for (const [i, game] of games.entries()) this.#games[i] = structuredClone(game);
    this.#previous.set(previous);
  }

  #addModules(game: ActivationSums, env: number, row: number, active: Float32Array, nullAttention: Float32Array): void {
    const n = this.#modules;
    const overall = this.#overall;
    // The game's first step has no step before it.
    const changes = game.steps > 1 ? 1 : 0;
    game.changes += changes;
    overall.changes += changes;
    for (let module = 0; module < n; module++) {
      const now = active[row * n + module] as number;
      const attention = 1 - (nullAttention[row * n + module] as number);
      const swapped = changes && now && !this.#previous[env * n + module] ? 1 : 0;
      for (const tally of [game, overall]) {
        tally.active[module] = (tally.active[module] as number) + now;
        tally.attention[module] = (tally.attention[module] as number) + attention;
        tally.swaps += swapped;
      }
      this.#previous[env * n + module] = now;
    }
  }
}

function countNearZero(values: Float32Array, start: number, length: number): number {
  let count = 0;
  for (let i = start; i < start + length; i++) if (Math.abs(values[i] as number) < nearZeroLimit) count++;
  return count;
}
