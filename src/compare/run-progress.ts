import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { onDisk } from '../runs/disk.ts';
import { fileNames } from '../runs/file-names.ts';
import { type MetricLine, metricLine } from '../runs/lines.ts';

/** How far a run is: of the newest line of its metrics. */
export type RunProgress = Pick<MetricLine, 'agentStep' | 'seconds' | 'games' | 'meanScore'>;

/** Bytes at a file's end in which its last line is looked for: one is of some hundreds, more with many modules. */
const tail = 1 << 16;

/** Of a run that is there, or just beginning; undefined before its first update. */
export function lastProgress(path: string): RunProgress | undefined {
  const file = join(path, fileNames.metrics);
  if (!existsSync(file)) return undefined;
  // The end may be a line that is being written: the last whole one counts.
  for (const line of lastBytes(file).split('\n').slice(0, -1).toReversed()) {
    const found = metricLine.safeParse(parsed(line));
    if (found.success) return found.data;
  }
  return undefined;
}

function lastBytes(path: string): string {
  return onDisk(`read ${path}`, () => {
    const file = openSync(path, 'r');
    try {
      const { size } = fstatSync(file);
      const bytes = Buffer.alloc(Math.min(size, tail));
      readSync(file, bytes, 0, bytes.length, size - bytes.length);
      return bytes.toString();
    } finally {
      closeSync(file);
    }
  });
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
