import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median, sum } from 'simple-statistics';
import { z } from 'zod';
import { UserError } from '../errors.ts';
import { type PpoOptions, ppoOptions } from '../ppo/config.ts';
import { makeFolder, onDisk, replaceFile } from '../runs/disk.ts';
import { readMetrics } from '../runs/index.ts';
import { readJson } from '../runs/json-files.ts';
import { flagsOf } from './arms.ts';
import { runCommandInChild } from './child-process.ts';
import type { Cost } from './report/schema.ts';
import { type ComparedArm, ownSettings } from './run-set.ts';

/** How often each arm's turn comes; updates of a turn that count, and those before them, which warm up. */
const [rounds, counted, warmUp] = [3, 3, 1];

const file = 'cost.json';
const measured = z.strictObject({
  format: z.literal(1),
  /** What was trained, as flags of `npm run ppo`, and its agent steps per second in each round. */
  arms: z.array(z.strictObject({ flags: z.string(), rounds: z.array(z.number().positive()).min(1) })),
});

/**
 * Agent steps per second of each arm's training in the first game, with all threads of the machine. The arms take
 * turns, each for some updates in a process of its own, and every other round goes the other way: what else the machine
 * does meets them all. The figures are kept in the folder, and measured anew only for other arms.
 * @param say told of each turn
 * @returns costs by the arms' names; none once the signal is aborted
 * @throws UserError if a training fails
 */
export async function costs(
  folder: string,
  arms: readonly ComparedArm[],
  say: (text: string) => void,
  signal: AbortSignal,
): Promise<Map<string, Cost>> {
  const flags = arms.map(flagsOfArm);
  const kept = keptRounds(folder, flags);
  const found = kept ?? (await takeTurns(arms, flags, say, signal));
  if (found === undefined) return new Map();
  const content = { format: 1, arms: flags.map((own, i) => ({ flags: own.join(' '), rounds: found[i] })) };
  if (!kept) {
    makeFolder(folder);
    replaceFile(join(folder, file), [`${JSON.stringify(content, null, 2)}\n`]);
  }
  return new Map(arms.map(({ name }, i) => [name, costOf(found[i] as number[], found[0] as number[])]));
}

function costOf(own: readonly number[], first: readonly number[]): Cost {
  const ratios = own.map((rate, round) => rate / (first[round] as number));
  return { stepsPerSecond: median([...own]), rounds: [...own], ratio: median(ratios) };
}

function keptRounds(folder: string, flags: readonly string[][]): number[][] | undefined {
  const path = join(folder, file);
  if (!existsSync(path)) return undefined;
  const { arms } = readJson(path, measured);
  const same = arms.length === flags.length && arms.every((arm, i) => arm.flags === flags[i]?.join(' '));
  return same ? arms.map((arm) => arm.rounds) : undefined;
}

async function takeTurns(
  arms: readonly ComparedArm[],
  flags: readonly string[][],
  say: (text: string) => void,
  signal: AbortSignal,
): Promise<number[][] | undefined> {
  const found = arms.map((): number[] => []);
  for (let round = 1; round <= rounds; round++) {
    const order = arms.map((_, i) => i);
    for (const i of round % 2 === 1 ? order : order.toReversed()) {
      const rate = await turn(flags[i] as string[], signal);
      if (rate === undefined) return undefined;
      found[i]?.push(rate);
      say(`cost, round ${round} of ${rounds}: ${arms[i]?.name} ${rate.toFixed(0)} steps/s`);
    }
  }
  return found;
}

/** Steps per second of the updates that count; undefined once the signal is aborted. */
async function turn(flags: readonly string[], signal: AbortSignal): Promise<number | undefined> {
  const folder = onDisk('make a temporary folder', () => mkdtempSync(join(tmpdir(), 'rim-agents-cost-')));
  try {
    const { ok, said } = await runCommandInChild('ppo', [...flags, '--run', join(folder, 'run')], signal);
    if (signal.aborted) return undefined;
    if (!ok) throw new UserError(`cost cannot be measured: ${said || 'a training ended'}; --no-cost leaves it out`);
    const rates = readMetrics(join(folder, 'run')).slice(warmUp);
    return rates.length / sum(rates.map(({ stepsPerSecond }) => 1 / (stepsPerSecond ?? NaN)));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A short training like the arm's first run, as flags: what differs from PPO's defaults. */
function flagsOfArm({ core, runs: [first] }: ComparedArm): string[] {
  const settings = first ? ownSettings(first) : {};
  const defaults: Readonly<Record<string, unknown>> = ppoOptions.parse({});
  const unusual = Object.entries(settings).filter(([key, value]) => key !== 'steps' && value !== defaults[key]);
  const { envs, rollout } = settings as PpoOptions;
  const { device, kernels } = first?.config.options ?? {};
  return flagsOf({
    ...{ game: first?.game, core, steps: (warmUp + counted) * envs * rollout },
    ...(device === 'gpu' && { device }),
    ...(kernels !== 'auto' && { kernels }),
    ...Object.fromEntries(unusual),
  });
}
