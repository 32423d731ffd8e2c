import { join } from 'node:path';
import { plannedArms } from '../compare/arms.ts';
import { divided } from '../compare/at-once.ts';
import { compareOptions, coresOf, gamesOf } from '../compare/options.ts';
import { plannedRuns } from '../compare/plan.ts';
import { commandLine, planSummary, planTable } from '../compare/plan-words.ts';
import { trainRuns } from '../compare/train-runs.ts';
import { TrainingView } from '../compare/training-view.ts';
import { ppoOptions } from '../ppo/config.ts';
import { addFlags, parse, resolve } from './flags.ts';
import { command, onInterrupt, runCommand } from './main.ts';
import { z } from 'zod';
import { shortNumber } from '../view/words.ts';

const { game: _game, core: _core, ...forAllArms } = ppoOptions.shape;
const armOptions = z.strictObject(forAllArms);

await runCommand(async () => {
  const parser = addFlags(
    addFlags(command('compare', 'Trains arms and compares them.'), compareOptions),
    armOptions,
  ).argument('[runs...]', 'run folders');
  const typed = process.argv.slice(2);
  const all = parse(parser, typed);
  const own = Object.fromEntries(Object.entries(all).filter(([key]) => key in compareOptions.shape));
  const given = Object.fromEntries(Object.entries(all).filter(([key]) => !(key in compareOptions.shape)));
  const options = resolve(compareOptions, own);
  const { seed, steps } = resolve(armOptions, given);
  const [games, cores] = [gamesOf(options), coresOf(options)];
  const arms = plannedArms(cores, games, given);
  const folder = options.out ?? join('runs', `compare-${games.join('-')}-${shortNumber(steps)}`);
  const seeds = Array.from({ length: options.seeds }, (_, i) => seed + i);
  const runs = plannedRuns(folder, arms, games, seeds);
  const missing = runs.filter(({ state }) => state !== 'finished');
  const division = divided(missing.length, options.atOnce);
  process.stdout.write(`${planTable(runs)}\n\n${planSummary(runs, division)}\n`);
  if (options.plan) return;
  const stop = new AbortController();
  const view = new TrainingView();
  const forget = onInterrupt(() => {
    view.message('finishing the updates under way, then saving; Ctrl-C again stops at once');
    stop.abort();
  });
  await trainRuns(missing, division, { report: (all) => view.update(all), signal: stop.signal });
  view.close();
  forget();
  if (stop.signal.aborted) process.stdout.write(`Go on: ${commandLine(typed)}\n`);
});
