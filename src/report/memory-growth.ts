import { median } from 'simple-statistics';
import type { MetricLine } from '../runs/index.ts';

/** How a process's resident memory went, from the end of its first minute on. */
export interface MemoryGrowth {
  /** Agent steps between which it was measured. */
  readonly fromStep: number;
  readonly toStep: number;
  /** Bytes: medians over the first tenth of the updates between, the tenth after the middle, and the last tenth. */
  readonly first: number;
  readonly middle: number;
  readonly last: number;
  /** By what share it grew from first to last, and from middle to last. */
  readonly growth: number;
  readonly laterGrowth: number;
}

/** Seconds in which a process gets the memory that it keeps; they do not count. */
const warmUp = 60;
/** Garbage comes and goes, so single updates tell little: medians over parts, of so many, are compared. */
const parts = 10;

export interface MemoryPoint {
  readonly agentStep: number;
  readonly bytes: number;
}

/** Resident memory after each update. */
export function memoryCurve(metrics: readonly MetricLine[]): MemoryPoint[] {
  return metrics.flatMap(({ agentStep, memory }) =>
    typeof memory['rssBytes'] === 'number' ? [{ agentStep, bytes: memory['rssBytes'] }] : [],
  );
}

/**
 * The growth of the process that wrote the run; of a resumed run, of the last one.
 * @param resumes where the run was resumed
 * @returns null if there are fewer than ten updates after the first minute
 */
export function memoryGrowth(
  metrics: readonly MetricLine[],
  resumes: readonly { readonly agentStep: number }[],
): MemoryGrowth | null {
  const start = resumes.at(-1)?.agentStep ?? 0;
  const startSeconds = metrics.findLast(({ agentStep }) => agentStep <= start)?.seconds ?? 0;
  const points = memoryCurve(
    metrics.filter(({ agentStep, seconds }) => agentStep > start && seconds >= startSeconds + warmUp),
  );
  const [begin, end] = [points[0], points.at(-1)];
  if (!begin || !end || points.length < parts) return null;
  const part = (index: number): number => {
    const [from, to] = [index, index + 1].map((edge) => Math.round((edge * points.length) / parts));
    return median(points.slice(from, to).map(({ bytes }) => bytes));
  };
  const [first, middle, last] = [part(0), part(parts / 2), part(parts - 1)];
  return {
    ...{ fromStep: begin.agentStep, toStep: end.agentStep, first, middle, last },
    ...{ growth: last / first - 1, laterGrowth: last / middle - 1 },
  };
}
