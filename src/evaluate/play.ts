import { setImmediate } from 'node:timers/promises';
import { activationStatistics, addSums, emptySums } from '../activation/statistics.ts';
import type { ActivationStatistics } from '../activation/forms.ts';
import { decide } from './decisions.ts';
import { Game, type PlayedGame } from './game.ts';
import type { Games, Move, Seen } from './games/games.ts';
import type { Acting } from './players/player.ts';

/** What an evaluation plays. */
export interface Playing {
  /** Number of games. */
  readonly episodes: number;
  /** Game i begins from seed + i, by which its actions are drawn too. */
  readonly seed: number;
  /** The most likely action always; or else actions are drawn by the policy. */
  readonly greedy: boolean;
  /** Whether the games keep what it takes to show them: a byte per step, and one per module and step. */
  readonly record: boolean;
}

/**
 * Plays whole games with a frozen agent, as many side by side as there are slots. Results do not depend on their
 * number.
 * @param finished is told of every game as it ends
 * @returns the games by their index; fewer than were asked for once `signal` is aborted
 * Rejects with what the network or the environment rejects with; games and player are the caller's to close.
 */
export async function playGames(
  player: Acting,
  games: Games,
  { episodes, seed, greedy, record }: Playing,
  { finished, signal }: { readonly finished: (game: PlayedGame) => void; readonly signal: AbortSignal },
): Promise<PlayedGame[]> {
  const done: PlayedGame[] = [];
  const underWay = new Map<number, Game>();
  let next = 0;
  const begin = (slot: number): Move[] => {
    if (next >= episodes) return [];
    const game = new Game(player, next, seed + next, record);
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
      finished(done.at(-1) as PlayedGame);
      underWay.delete(slot);
      ended.push(slot);
    }
    await decide(player, [...underWay.values()], greedy);
    moves = [...[...underWay].map(([slot, game]) => ({ slot, action: game.action })), ...ended.flatMap(begin)];
  }
  return done.sort((a, b) => a.index - b.index);
}

/** Activation statistics over all steps of some games; all zero where there are none. */
export function overallActivation(games: readonly PlayedGame[], { core }: Acting): ActivationStatistics {
  const all = emptySums(core);
  for (const { sums } of games) addSums(all, sums);
  return activationStatistics(all, core);
}
