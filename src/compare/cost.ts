import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { median, sum } from 'simple-statistics';
import { z } from 'zod';
import { UserError } from '../errors.ts';
import { type PpoOptions, ppoOptions } from '../ppo/config.ts';
import { makeFolder, onDisk, replaceFile } from '../runs/disk.ts';
import { readMetrics } from '../runs/index.ts';
import { parsedJson } from '../runs/json-files.ts';
import { describeStart, processor } from '../runs/config.ts';
import { grouped } from '../text/words.ts';
import { flagsOf } from './arms.ts';
import { runCommandInChild } from './child-process.ts';
import type { ComparisonReport, Cost } from './report/schema.ts';
import { type ComparedArm, ownSettings } from './run-set.ts';

/** How often each arm's turn comes. */
const rounds = 3;
/** Updates of a turn that count. */
const counted = 3;
/** Updates before those, which warm up. */
const warmUp = 1;

const file = 'cost.json';
const measured = z.strictObject({
  format: z.literal(2),
  /** ISO 8601, UTC. */
  created: z.string(),
  /** What measured. */
  versions: z.record(z.string(), z.string()),
  processor,
  /** What was trained, as flags of `npm run ppo`, and its agent steps per second in each round. */
  arms: z.array(z.strictObject({ flags: z.string(), rounds: z.array(z.number().positive()).min(1) })),
});

/** The arms' costs by name, and when and on what they were measured. */
export interface Costs {
  readonly measured: NonNullable<ComparisonReport['measured']>;
  readonly byArm: ReadonlyMap<string, Cost>;
}

/**
 * Agent steps per second of each arm's training in the first game, with all threads of the machine. The arms take
 * turns, each for some updates in a process of its own, and every other round goes the other way: what else the machine
 * does meets them all. The figures are kept in the folder, and measured anew for
 * other arms, by another version, or on another processor.
 * @param say told of each turn
 * @returns undefined once the signal is aborted
 * @throws UserError if a training fails
 */
export async function costs(
  folder: string,
  arms: readonly ComparedArm[],
  say: (text: string) => void,
  signal: AbortSignal,
): Promise<Costs | undefined> {
  const flags = arms.map(flagsOfArm);
  const kept = keptIn(folder, flags);
  const content = kept ?? (await measuredNow(arms, flags, say, signal));
  if (content === undefined) return undefined;
  if (!kept) {
    makeFolder(folder);
    replaceFile(join(folder, file), [`${JSON.stringify(content, null, 2)}\n`]);
  }
  const found = content.arms.map(({ rounds }) => rounds);
  const { model, cores } = content.processor;
  return {
    measured: { created: content.created, processor: `${model}, ${cores} cores` },
    byArm: new Map(arms.map(({ name }, i) => [name, costOf(found[i] as number[], found[0] as number[])])),
  };
}

function costOf(own: readonly number[], first: readonly number[]): Cost {
  const ratios = own.map((rate, round) => rate / (first[round] as number));
  return { stepsPerSecond: median([...own]), rounds: [...own], ratio: median(ratios) };
}

type Measured = z.infer<typeof measured>;

/** What is kept, if it is of these arms, this version and this processor. What cannot be read is measured anew. */
function keptIn(folder: string, flags: readonly string[][]): Measured | undefined {
  const path = join(folder, file);
  const found = existsSync(path) ? measured.safeParse(parsedJson(path)) : undefined;
  if (!found?.success) return undefined;
  const { arms, versions, processor } = found.data;
  const here = describeStart({});
  const isSame =
    isDeepStrictEqual(versions, here.versions) &&
    processor.model === here.processor.model &&
    processor.cores === here.processor.cores &&
    isDeepStrictEqual(
      arms.map((arm) => arm.flags),
      flags.map((own) => own.join(' ')),
    );
  return isSame ? found.data : undefined;
}

/** Undefined once the signal is aborted. */
async function measuredNow(
  arms: readonly ComparedArm[],
  flags: readonly string[][],
  say: (text: string) => void,
  signal: AbortSignal,
): Promise<Measured | undefined> {
  const found = await takeTurns(arms, flags, say, signal);
  if (found === undefined) return undefined;
  const own = flags.map((given, i) => ({ flags: given.join(' '), rounds: found[i] as number[] }));
  return { format: 2, created: new Date().toISOString(), ...describeStart({}), arms: own };
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
      say(`cost, round ${round} of ${rounds}: ${arms[i]?.name} ${grouped(rate)} steps/s`);
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
  const { device, kernels } = first?.options ?? {};
  return flagsOf({
    ...{ game: first?.game, core, steps: (warmUp + counted) * envs * rollout },
    ...(device === 'gpu' && { device }),
    ...(kernels !== 'auto' && { kernels }),
    ...Object.fromEntries(unusual),
  });
}
