import type { Decision } from '../../agents/actor-critic.ts';
import { logSoftmax, mostLikely, sample } from '../../agents/categorical.ts';
import { Random } from '../../agents/random.ts';
import type { FinishedGame } from '../../envs/rollout-environment.ts';
import { ActivationRecorder } from '../activation/by-game.ts';
import type { ActivationStatistics, ActivationSums } from '../activation/forms.ts';
import { ByteList } from './byte-list.ts';
import type { Seen } from './games/games.ts';
import type { Acting } from './players/player.ts';

/** A finished game; steps and frames before the agent's first one count as {@link FinishedGame} says. */
export interface PlayedGame extends Pick<
  FinishedGame,
  'seed' | 'score' | 'steps' | 'frames' | 'livesLost' | 'truncated'
> {
  readonly index: number;
  readonly activation: ActivationStatistics;
  readonly sums: ActivationSums;
  /** Of games that are recorded. */
  readonly recording?: Recording;
}

/** All that is needed to show a game. */
interface Recording {
  /** (steps): indices. */
  readonly actions: Uint8Array;
  /** (steps, n): 1 where a module was active; empty for cores without modules. */
  readonly active: Uint8Array;
}

/** What the network said of one game's observation. */
export type GameDecision = Omit<Decision, 'values'>;

/** A game under way. */
export class Game {
  readonly index: number;
  readonly seed: number;
  observation: Uint8Array | Float32Array = new Uint8Array();
  states: readonly Float32Array[];
  fresh = true;
  action = 0;
  readonly #random: Random;
  readonly #recorder: ActivationRecorder;
  #steps = 0;
  readonly #recording: { readonly actions: ByteList; readonly active: ByteList } | undefined;
  #seen: Seen | undefined;

  constructor({ core }: Acting, index: number, seed: number, record: boolean) {
    this.index = index;
    this.seed = seed;
    this.states = core.stateWidths.map((width) => new Float32Array(width));
    this.#random = new Random(seed);
    this.#recorder = new ActivationRecorder(core, 1);
    this.#recording = record ? { actions: new ByteList(), active: new ByteList() } : undefined;
  }

  /** Returns whether that was the end. */
  see(seen: Seen): boolean {
    this.#seen = seen;
    this.observation = seen.observation;
    this.fresh = seen.fresh;
    return seen.ended !== 'no';
  }

  decided({ logits, states, hidden, activation }: GameDecision, greedy: boolean): void {
    this.action = greedy ? mostLikely(logits) : sample(logSoftmax(logits), this.#random.uniform());
    this.states = states;
    this.#steps += 1;
    this.#recorder.add(0, { hidden, ...(activation && { activation }) });
    this.#recording?.actions.add([this.action]);
    if (activation) this.#recording?.active.add(activation.active);
  }

  result(): PlayedGame {
    const { score, frames, livesLost, ended } = this.#seen as Seen;
    const { sums, statistics } = this.#recorder.finish(0);
    return {
      index: this.index,
      seed: this.seed,
      score,
      steps: this.#steps,
      frames,
      livesLost,
      truncated: ended === 'cut',
      activation: statistics,
      sums,
      ...(this.#recording && {
        recording: { actions: this.#recording.actions.all(), active: this.#recording.active.all() },
      }),
    };
  }
}
