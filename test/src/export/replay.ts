// Games that src/export/play.py has played, followed by ours.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Agent } from '../../../agents/agent.ts';
import { mostLikely } from '../../../agents/categorical.ts';
import { PreprocessedAtariEnv } from '../../../envs/atari/preprocessed-env.ts';
import { onnxPython } from '../../peers/onnx-python.ts';

/** A line of play.py. */
export interface PlayedGame {
  readonly seed: number;
  readonly score: number;
  readonly frames: number;
  readonly actions: readonly number[];
}

/** What ours makes of the same seed and actions. */
export interface Replayed {
  readonly score: number;
  readonly frames: number;
  readonly steps: number;
  /** The game ended with the last action, and not before. */
  readonly ended: boolean;
  /** For each step at which ours would have taken another action: by how much its logit is the larger. */
  readonly differences: readonly number[];
}

/** Plays by play.py, in Python with onnxruntime and native ALE, from the file alone. */
export async function playedInPython(file: string, games: number, seed: number): Promise<PlayedGame[]> {
  const script = fileURLToPath(new URL('../../../src/export/play.py', import.meta.url));
  const args = [script, file, '--games', `${games}`, '--seed', `${seed}`];
  const lines = execFileSync(await onnxPython(), args, { maxBuffer: 2 ** 28 })
    .toString()
    .trim()
    .split('\n');
  return lines.map((line) => JSON.parse(line) as PlayedGame);
}

/** Plays a game's seed in our environment by its actions, and asks our agent in each step what it would do. */
export async function replay(agent: Agent, { seed, actions }: PlayedGame): Promise<Replayed> {
  const { game, settings } = agent.manifest.environment;
  const env = await PreprocessedAtariEnv.create({ ...settings, game, seed });
  const differences: number[] = [];
  let { observation, info } = env.reset({ seed });
  let state = agent.initialState();
  let over = false;
  let steps = 0;
  for (const action of actions) {
    if (over) break;
    const { logits, ...decision } = agent.act(observation, state);
    ({ state } = decision);
    const wanted = mostLikely(logits);
    if (wanted !== action) differences.push((logits[wanted] as number) - (logits[action] as number));
    const { terminated, truncated, ...shown } = env.step(action);
    ({ observation, info } = shown);
    steps += 1;
    over = truncated || (terminated && info.lives === 0);
    if (terminated && !over) {
      ({ observation, info } = env.reset());
      state = agent.initialState();
    }
  }
  env.close();
  const { score, episodeFrameNumber } = info as Record<string, number>;
  const ended = over && steps === actions.length;
  return { score: Number(score), frames: Number(episodeFrameNumber), steps, ended, differences };
}
