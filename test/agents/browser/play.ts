// A whole game by an agent, from its bundle alone: the same in Node and on a page.
import type { AleModule } from 'ale-wasm';
import { Agent, environmentOf } from 'rim-agents';

export interface Game {
  readonly actions: number[];
  /** Sum of the rewards, not clipped. */
  readonly score: number;
  readonly frames: number;
  /** By how much the logit of the action exceeded the next, at its closest. */
  readonly closest: number;
  /** Over all steps. */
  readonly meanLogits: number[];
}

/**
 * Plays until the game is over, always the most likely action.
 * @param path of the bundle, in a browser its URL @param ale where it is not loaded from beside its code
 */
export async function play(path: string, seed: number, ale?: AleModule): Promise<Game> {
  const agent = await Agent.load(path);
  const env = await environmentOf(agent.manifest, { ale });
  const actions: number[] = [];
  let { observation, info } = env.reset({ seed });
  let state = agent.initialState();
  const sums = agent.manifest.environment.actionMeanings.map(() => 0);
  let closest = Infinity;
  for (let over = false; !over;) {
    const decision = agent.act(observation, state);
    actions.push(decision.action);
    for (const [i, logit] of decision.logits.entries()) sums[i] = (sums[i] ?? 0) + logit;
    const [first = 0, second = 0] = [...decision.logits].sort((a, b) => b - a);
    closest = Math.min(closest, first - second);
    const { terminated, truncated, ...shown } = env.step(decision.action);
    ({ observation, info } = shown);
    ({ state } = decision);
    over = truncated || (terminated && info.lives === 0);
    if (terminated && !over) {
      ({ observation, info } = env.reset());
      state = agent.initialState();
    }
  }
  env.close();
  agent.dispose();
  const meanLogits = sums.map((sum) => sum / actions.length);
  return { actions, score: Number(info.score), frames: Number(info.episodeFrameNumber), closest, meanLogits };
}
