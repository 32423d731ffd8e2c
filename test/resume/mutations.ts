import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Random } from '../../agents/random.ts';
import { fileNames } from '../../src/runs/file-names.ts';
import { readRun, type SavedRun } from '../../src/runs/saved-run.ts';
import { previousOf } from '../../src/runs/sealed-file.ts';

/** Ways in which a disk, a copy or a person spoils a file. */
const kinds: Readonly<Record<string, (data: Buffer, random: Random) => Buffer>> = {
  'a flipped bit': (data, random) => {
    const at = random.integer(data.length);
    data[at] = (data[at] as number) ^ (1 << random.integer(8));
    return data;
  },
  'a flipped bit near the beginning': (data, random) => {
    const at = random.integer(Math.min(data.length, 160));
    data[at] = (data[at] as number) ^ (1 << random.integer(8));
    return data;
  },
  'a truncation': (data, random) => data.subarray(0, random.integer(data.length)),
  'zeros to the end': (data, random) => data.fill(0, random.integer(data.length)),
  'random bytes in a row': (data, random) => {
    const at = random.integer(data.length);
    for (let i = at; i < Math.min(at + 16, data.length); i++) data[i] = random.integer(256);
    return data;
  },
  'a part left out': (data, random) => {
    const at = random.integer(data.length);
    return Buffer.concat([data.subarray(0, at), data.subarray(at + 1 + random.integer(64))]);
  },
  'a part twice': (data, random) => {
    const at = random.integer(data.length);
    return Buffer.concat([data.subarray(0, at + 1 + random.integer(64)), data.subarray(at)]);
  },
};

/** What may come of a spoilt file; `other` must not. */
type Outcome = 'refused' | 'previous' | 'unharmed' | 'other';

/** How often what came of it, and the first mutations of which `other` came. */
export interface Tally extends Record<Outcome, number> {
  readonly mutations: number;
  readonly wrong: string[];
}

/**
 * Spoils a run's files, one or two at a time, and reads the run as `--resume` does: it must be refused in one line, go
 * on from the checkpoint before, or be read as it was. The files are as they were afterwards.
 * @param path of a run folder that has a previous checkpoint
 */
export function spoil(path: string, mutations: number, random: Random): Tally {
  const newest = join(path, fileNames.checkpoint);
  const files = [newest, previousOf(newest), join(path, fileNames.config)];
  const whole = files.map((file) => readFileSync(file));
  const sound = readRun(path);
  writeFileSync(newest, 'no checkpoint');
  const before = readRun(path);
  writeFileSync(newest, whole[0] as Buffer);
  const tally: Tally = { mutations, refused: 0, previous: 0, unharmed: 0, other: 0, wrong: [] };
  const names = Object.keys(kinds);
  for (let i = 0; i < mutations; i++) {
    const kind = names[i % names.length] as string;
    // The newest checkpoint most often; sometimes both, or the config.
    const chosen = [[0], [0], [0], [0, 1], [2], [1]][random.integer(6)] as number[];
    for (const file of chosen)
      writeFileSync(
        files[file] as string,
        (kinds[kind] as (typeof kinds)[string])(Buffer.from(whole[file] as Buffer), random),
      );
    const outcome = outcomeOf(path, sound, before);
    tally[outcome] += 1;
    if (outcome === 'other') tally.wrong.push(`${kind} in ${chosen.map((file) => files[file]).join(' and ')}`);
    for (const file of chosen) writeFileSync(files[file] as string, whole[file] as Buffer);
  }
  return tally;
}

function outcomeOf(path: string, sound: SavedRun, before: SavedRun): Outcome {
  try {
    const { config, found } = readRun(path);
    if (!isDeepStrictEqual(config, sound.config)) return 'other';
    if (isDeepStrictEqual(found, sound.found)) return 'unharmed';
    return found?.note && isDeepStrictEqual(found.content, before.found?.content) ? 'previous' : 'other';
  } catch (error) {
    return error instanceof Error && error.name === 'UserError' && !error.message.includes('\n') ? 'refused' : 'other';
  }
}
