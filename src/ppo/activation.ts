import type { ActivationStatistics } from '../runs/index.ts';

/** A hidden unit counts as near zero where its absolute value is below this. */
const nearZeroLimit = 0.01;

interface RecorderOptions {
  /** Number of environments. */
  readonly envs: number;
  /** H: hidden units, the width of what the core gives the heads. */
  readonly width: number;
  /** Modules n, and how many are active in each step, of a core made of modules. */
  readonly modules?: { readonly count: number; readonly active: number } | undefined;
}

/** What the network did in one step of B environments; `Decision` of the agents has these. */
interface Played {
  /** (B, H) */
  readonly hidden: Float32Array;
  /** (B, n) each: 1 where a module was active, else 0; its attention to null, averaged over heads. */
  readonly activation?: { readonly active: Float32Array; readonly nullAttention: Float32Array };
}

/** Sums over some steps. */
interface Tally {
  steps: number;
  /** Hidden units near zero. */
  nearZero: number;
  /** Modules that were active and had not been in the step before, and the steps that had a step before. */
  swaps: number;
  changes: number;
  /** (n): steps in which each module was active; attention that it paid to its input. */
  readonly active: Float64Array;
  readonly attention: Float64Array;
}

/**
 * Activation statistics of every step that is played: of each game, and of all environments together since they were
 * last taken. docs/run-folder.md defines the terms.
 */
export class ActivationRecorder {
  readonly #options: RecorderOptions;
  readonly #modules: number;
  readonly #games: Tally[];
  #overall: Tally;
  /** (envs, n): 1 where a module was active in the environment's last step. */
  readonly #previous: Uint8Array;

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.#modules = options.modules?.count ?? 0;
    this.#games = Array.from({ length: options.envs }, () => this.#empty());
    this.#overall = this.#empty();
    this.#previous = new Uint8Array(options.envs * this.#modules);
  }

  /** Notes one step of environments firstEnv, firstEnv + 1, and so on: one per row of `played`. */
  add(firstEnv: number, { hidden, activation }: Played): void {
    const { width } = this.#options;
    for (let row = 0; row * width < hidden.length; row++) {
      const game = this.#games[firstEnv + row] as Tally;
      const nearZero = countNearZero(hidden, row * width, width);
      for (const tally of [game, this.#overall]) {
        tally.steps++;
        tally.nearZero += nearZero;
      }
      if (activation) this.#addModules(game, firstEnv + row, row, activation.active, activation.nullAttention);
    }
  }

  /** Statistics of the game that has just ended in an environment; its next game starts from nothing. */
  finish(env: number): ActivationStatistics {
    const game = this.#games[env] as Tally;
    this.#games[env] = this.#empty();
    return this.#statistics(game);
  }

  /** Statistics of all steps in all environments since this was last called. */
  take(): ActivationStatistics {
    const overall = this.#overall;
    this.#overall = this.#empty();
    return this.#statistics(overall);
  }

  #addModules(game: Tally, env: number, row: number, active: Float32Array, nullAttention: Float32Array): void {
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

  #statistics(tally: Tally): ActivationStatistics {
    const { width, modules } = this.#options;
    const steps = Math.max(tally.steps, 1);
    const nearZero = tally.nearZero / (steps * width);
    if (!modules) return { nearZero };
    const shares = Array.from(tally.active, (count) => count / steps);
    return {
      modules: modules.count,
      active: modules.active,
      shares,
      // Attention is a float32 between 0 and 1; its rounding must not carry the mean below 0.
      attention: Array.from(tally.attention, (sum) => Math.max(sum / steps, 0)),
      entropy: entropy(shares),
      swaps: tally.swaps / Math.max(tally.changes, 1),
      neverChosen: shares.flatMap((share, module) => (share === 0 ? [module] : [])),
      nearZero,
    };
  }

  #empty(): Tally {
    const n = this.#modules;
    return { steps: 0, nearZero: 0, swaps: 0, changes: 0, active: new Float64Array(n), attention: new Float64Array(n) };
  }
}

function countNearZero(values: Float32Array, start: number, length: number): number {
  let count = 0;
  for (let i = start; i < start + length; i++) if (Math.abs(values[i] as number) < nearZeroLimit) count++;
  return count;
}

/** Entropy in nats of the shares, divided by their sum to make them a distribution. */
function entropy(shares: readonly number[]): number {
  const sum = shares.reduce((a, b) => a + b, 0);
  return shares.reduce((total, share) => (share > 0 ? total - (share / sum) * Math.log(share / sum) : total), 0);
}
