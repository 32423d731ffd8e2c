import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { onDisk } from './disk.ts';
import { fileNames, logMessages } from './file-names.ts';
import { parsed } from './json-files.ts';
import { type MetricLine, metricLine } from './lines.ts';

/** How far a run is: of the newest line of its metrics. */
export type RunProgress = Pick<MetricLine, 'agentStep' | 'seconds' | 'games' | 'meanScore'>;

/** Of a run that is there, or just beginning; undefined before its first update. */
export function lastProgress(path: string): RunProgress | undefined {
  return lastLine(join(path, fileNames.metrics), metricLine);
}

const saved = z.object({ msg: z.literal(logMessages.saved), agentStep: z.number() });

/** Agent steps of a run that are in its newest checkpoint, by its log; 0 without any. */
export function savedSteps(path: string): number {
  return lastLine(join(path, fileNames.log), saved)?.agentStep ?? 0;
}

/** Bytes at a file's end in which a line is looked for: one is of some hundreds, more with many modules. */
const tail = 1 << 16;

/** The last line of a form; the very end of the file may be one that is being written, and is left out. */
function lastLine<T>(file: string, schema: z.ZodType<T>): T | undefined {
  if (!existsSync(file)) return undefined;
  for (const line of lastBytes(file).split('\n').slice(0, -1).toReversed()) {
    const found = schema.safeParse(parsed(line));
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
