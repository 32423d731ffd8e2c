import type { Game } from './game.ts';
import type { Acting } from './players/player.ts';

/**
 * Observations in one call of the network, the rest of it blank. Game i is always row i mod 8 of such a call: sums of
 * products may be added up in another order in another row or in a call of another size, and an action that hangs on
 * the last bit would depend on what is played beside it.
 */
const rows = 8;

/**
 * One step of the network for every game, each in its own row.
 * @param greedy the most likely action, not one drawn by the policy
 */
export async function decide(player: Acting, games: readonly Game[], greedy: boolean): Promise<void> {
  const calls: Map<number, Game>[] = [];
  const inRow = new Array<number>(rows).fill(0);
  for (const game of games) {
    const row = game.index % rows;
    const call = (inRow[row] as number)++;
    (calls[call] ??= new Map()).set(row, game);
  }
  for (const call of calls) await decideOnce(player, call, greedy);
}

async function decideOnce(player: Acting, call: ReadonlyMap<number, Game>, greedy: boolean): Promise<void> {
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
