import { setImmediate } from 'node:timers/promises';
import { logSoftmax, mostLikely, sample } from '../../agents/categorical.ts';
import { Random } from '../../agents/random.ts';
import type { FinishedGame } from '../../envs/rollout-environment.ts';
import { type ActivationSums, activationStatistics, addSums, emptySums } from '../activation.ts';
import { ActivationRecorder } from '../ppo/activation.ts';
import type { ActivationStatistics } from '../runs/index.ts';
import type { Games, Move, Seen } from './games/games.ts';
import type { Player } from './players/player.ts';

/** What an evaluation plays. */
export interface Playing {
  /** Number of games. */
  readonly episodes: number;
  /** Game i begins from seed + i, by which its actions are drawn too. */
  readonly seed: number;
  /** The most likely action always; or else actions are drawn by the policy. */
  readonly greedy: boolean;
}

/** A finished game; steps and frames before the agent's first one count as {@link FinishedGame} says. */
export interface PlayedGame extends Pick<
  FinishedGame,
  'seed' | 'score' | 'steps' | 'frames' | 'livesLost' | 'truncated'
> {
  readonly index: number;
  readonly activation: ActivationStatistics;
}

/** A game with all that is needed to show it. */
export interface RecordedGame extends PlayedGame {
  /** (steps): indices. */
  readonly actions: readonly number[];
  /** (steps, n): 1 where a module was active; empty for cores without modules. */
  readonly active: Uint8Array;
  readonly sums: ActivationSums;
}

/**
 * Observations in one call of the network, the rest of it blank. Game i is always row i mod 8 of such a call: sums of
 * products may be added up in another order in another row or in a call of another size, and an action that hangs on
 * the last bit would depend on what is played beside it.
 */
const rows = 8;

/**
 * Plays whole games with a frozen agent, as many side by side as there are slots. What a game does does not depend on
 * how many these are.
 * @param finished is told of every game as it ends
 * @returns the games by their index; fewer than were asked for once `signal` is aborted
 */
export async function playGames(
  player: Player,
  games: Games,
  playing: Playing,
  { finished, signal }: { readonly finished: (game: PlayedGame) => void; readonly signal: AbortSignal },
): Promise<RecordedGame[]> {
  const done: RecordedGame[] = [];
  const underWay = new Map<number, Game>();
  let next = 0;
  const begin = (slot: number): Move[] => {
    if (next >= playing.episodes) return [];
    const game = new Game(player, next, playing.seed + next);
    next += 1;
    underWay.set(slot, game);
    return [{ slot, begin: game.seed }];
  };
  let moves = Array.from({ length: games.count }, (_, slot) => slot).flatMap(begin);
  while (moves.length > 0 && !signal.aborted) {
    await setImmediate(); // so that signals are heard where nothing else is waited for
    const seen = await games.advance(moves);
    const ended: number[] = [];
    for (const [i, { slot }] of moves.entries()) {
      const game = underWay.get(slot) as Game;
      if (!game.see(seen[i] as Seen)) continue;
      done.push(game.result());
      finished(done.at(-1) as RecordedGame);
      underWay.delete(slot);
      ended.push(slot);
    }
    await decide(player, [...underWay.values()], playing.greedy);
    moves = [...[...underWay].map(([slot, game]) => ({ slot, action: game.action })), ...ended.flatMap(begin)];
  }
  return done.sort((a, b) => a.index - b.index);
}

/** Activation statistics over all steps of some games. */
export function overallActivation(games: readonly RecordedGame[], { core }: Player): ActivationStatistics {
  const sizes = { width: core.outputSize, modules: core.modules };
  const all = emptySums(sizes);
  for (const { sums } of games) addSums(all, sums);
  return activationStatistics(all, sizes);
}

/** One step of the network for every game, each in its own row. */
async function decide(player: Player, games: readonly Game[], greedy: boolean): Promise<void> {
  for (let left = [...games]; left.length > 0;) {
    const call = new Map<number, Game>();
    for (const game of left) if (!call.has(game.index % rows)) call.set(game.index % rows, game);
    left = left.filter((game) => call.get(game.index % rows) !== game);
    await decideOnce(player, call, greedy);
  }
}

async function decideOnce(player: Player, call: ReadonlyMap<number, Game>, greedy: boolean): Promise<void> {
  const { stateWidths } = player.core;
  const [{ observation: first }] = [...call.values()] as [Game];
  const size = first.length;
  const observations = first instanceof Uint8Array ? new Uint8Array(rows * size) : new Float32Array(rows * size);
  const states = stateWidths.map((width) => new Float32Array(rows * width));
  const keep = new Float32Array(rows);
  for (const [row, game] of call) {
    observations.set(game.observation, row * size);
    for (const [i, state] of game.states.entries()) states[i]?.set(state, row * state.length);
    keep[row] = game.fresh ? 0 : 1;
  }
  const { logits, states: after, hidden, activation } = await player.act(observations, states, keep);
  for (const [row, game] of call) {
    const part = (all: Float32Array): Float32Array =>
      all.slice((row * all.length) / rows, ((row + 1) * all.length) / rows);
    game.decided(
      {
        logits: part(logits),
        states: after.map(part),
        hidden: part(hidden),
        ...(activation && {
          activation: { active: part(activation.active), nullAttention: part(activation.nullAttention) },
        }),
      },
      greedy,
    );
  }
}

/** What the network said of one row. */
interface RowDecision {
  readonly logits: Float32Array;
  readonly states: readonly Float32Array[];
  readonly hidden: Float32Array;
  readonly activation?: { readonly active: Float32Array; readonly nullAttention: Float32Array };
}

/** A game under way. */
class Game {
  readonly index: number;
  readonly seed: number;
  observation: Uint8Array | Float32Array = new Uint8Array();
  states: readonly Float32Array[];
  fresh = true;
  action = 0;
  readonly #random: Random;
  readonly #recorder: ActivationRecorder;
  readonly #actions: number[] = [];
  readonly #active: number[] = [];
  #seen: Seen | undefined;

  constructor({ core: { stateWidths, outputSize, modules } }: Player, index: number, seed: number) {
    this.index = index;
    this.seed = seed;
    this.states = stateWidths.map((width) => new Float32Array(width));
    this.#random = new Random(seed);
    this.#recorder = new ActivationRecorder({ envs: 1, width: outputSize, modules });
  }

  /** Returns whether that was the end. */
  see(seen: Seen): boolean {
    this.#seen = seen;
    this.observation = seen.observation;
    this.fresh = seen.fresh;
    return seen.ended !== 'no';
  }

  decided({ logits, states, hidden, activation }: RowDecision, greedy: boolean): void {
    this.action = greedy ? mostLikely(logits) : sample(logSoftmax(logits), this.#random.uniform());
    this.states = states;
    this.#recorder.add(0, { hidden, ...(activation && { activation }) });
    this.#actions.push(this.action);
    if (activation) this.#active.push(...activation.active);
  }

  result(): RecordedGame {
    const { score, frames, livesLost, ended } = this.#seen as Seen;
    const [sums] = this.#recorder.save().games as readonly ActivationSums[];
    return {
      ...{ index: this.index, seed: this.seed, score, steps: this.#actions.length, frames, livesLost },
      truncated: ended === 'cut',
      activation: this.#recorder.finish(0),
      ...{ actions: this.#actions, active: Uint8Array.from(this.#active), sums: sums as ActivationSums },
    };
  }
}
