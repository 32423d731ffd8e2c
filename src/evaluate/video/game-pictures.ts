import type { RenderFrame } from 'gym-js';
import { type AtariOptions, PreprocessedAtariEnv } from '../../../envs/atari/index.ts';

/**
 * Plays a game of Atari once more and gives the screen before each of its steps, then that after the last: a game is
 * its seed and its actions.
 * @param options of the recipe, those that it was played with
 * @throws Error if it ends otherwise than it did, which would be a fault of ours
 */
export async function* gamePictures(
  name: string,
  options: AtariOptions,
  { seed, actions, score }: { readonly seed: number; readonly actions: ArrayLike<number>; readonly score: number },
): AsyncGenerator<RenderFrame> {
  const env = await PreprocessedAtariEnv.create({ ...options, game: name, renderMode: 'rgb_array' });
  try {
    let info = env.reset({ seed }).info;
    for (const [step, action] of Array.from(actions).entries()) {
      yield env.render();
      const after = env.step(action);
      info = after.info;
      // Where a lost life ended an episode, a reset goes on with the game.
      if (after.terminated && step < actions.length - 1) info = env.reset().info;
    }
    yield env.render();
    if (info['score'] !== score)
      throw new Error(
        `a game of ${name} with seed ${seed} scored ${score}, and ${String(info['score'])} when replayed`,
      );
  } finally {
    env.close();
  }
}
