import { parseArgs } from 'node:util';
import { mean, standardDeviation } from 'simple-statistics';
import { AtariPool } from '../../envs/atari/index.ts';
import type { FinishedGame } from '../../envs/rollout-environment.ts';
import { congruential } from '../../src/conformance/trace-rules.ts';

/*
 * What a policy that draws every action alike scores in whole games, as one line of a table:
 *   node setup/run.mjs test/bench/random-play.ts --game Breakout --games 100 --seed 1
 */

const { values } = parseArgs({
  options: {
    game: { type: 'string', default: 'Breakout' },
    games: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    envs: { type: 'string', default: '8' },
  },
});
const [games, seed, envs] = [Number(values.games), Number(values.seed), Number(values.envs)];

const next = congruential(seed);
const draw = (below: number): number => Math.floor((next() / 2 ** 32) * below);

/** The first games of every environment, as many of each: the first of all to finish would be the short ones. */
async function playGames(pool: AtariPool): Promise<FinishedGame[]> {
  const played: FinishedGame[] = [];
  const each = Math.ceil(games / pool.count);
  const counts = new Int32Array(pool.count);
  await pool.reset();
  while (counts.some((count) => count < each)) {
    for (let t = 0; t < pool.rolloutSteps; t++) {
      pool.send(
        0,
        t,
        new Int32Array(pool.count).map(() => draw(pool.actions)),
      );
      await pool.wait(0);
    }
    pool.rollover();
    for (const game of pool.takeEpisodes()) {
      const count = counts[game.env] ?? 0;
      counts[game.env] = count + 1;
      if (count < each) played.push(game);
    }
  }
  return played;
}

const pool = await AtariPool.create({ game: values.game, envs, seed, rolloutSteps: 128 });
try {
  const played = await playGames(pool);
  const scores = played.map(({ score }) => score);
  const error = standardDeviation(scores) / Math.sqrt(scores.length);
  const steps = mean(played.map((game) => game.steps));
  console.log(
    `| ${pool.game.name} | ${mean(scores).toFixed(2)} ± ${error.toFixed(2)} | ${scores.length} games | ` +
      `${steps.toFixed(0)} agent steps each | seed ${seed} | ${pool.recipe} |`,
  );
} finally {
  await pool.close();
}
