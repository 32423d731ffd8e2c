import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { loadTensorFlow } from '../../agents/kernels/backend.ts';
import { selectKernels } from '../../agents/kernels/index.ts';
import { findCompiler } from '../../agents/kernels/native/build.mjs';
import { BenchError } from './bench-error.ts';
import { type Computer, type LearnerTimes, learnerTable, peakSchema } from './learner-report.ts';
import { ourStages, type Stage } from './learner-stages.ts';
import { circumstances } from './machine.ts';
import { busySeconds } from './measure.ts';
import { beside, peersPython } from './peers/environment.ts';
import { usage } from './process-tree.ts';

const count = (standard: number, text: string): z.ZodDefault<z.ZodNumber> =>
  z.number().int().min(1).max(1000).default(standard).meta({ text });

/** Flags of `npm run bench -- learner`. */
export const learnerOptions = z.strictObject({
  rounds: count(8, 'rounds; in each, ours in both precisions and PyTorch take turns at every stage'),
  repetitions: count(3, 'of each stage in each round; the best counts'),
  json: z.boolean().default(false).meta({ text: 'print JSON instead of a table' }),
});

/** PyTorch's threads go on looking for work for a while after the last. */
const restMs = 60;

/** Times the stages of one who computes. @returns the best of so many repetitions, in ms */
type Stopwatch = (stage: string, repetitions: number) => Promise<number>;

/**
 * Compares a minibatch of ours, stage by stage, with PyTorch and with the processor's peak.
 * @throws BenchError if PyTorch, or the compiler, fails; the signal's reason once that is aborted
 */
export async function learner(options: z.infer<typeof learnerOptions>, signal: AbortSignal): Promise<void> {
  const say = (text: string): void => void process.stderr.write(`${text}\n`);
  const python = await peersPython({ say, signal });
  const peak = measurePeak();
  say(`peak: ${peak.float32Gflops} GFLOP/s in float32, ${peak.bf16Gflops ?? 'no'} in bfloat16`);
  await loadTensorFlow();
  const stages = ourStages(selectKernels('native'));
  const bf16Stages = ourStages(selectKernels('native', 'bf16'));
  const pytorch = await startPytorch(python, signal);
  try {
    const watches: [Computer, Stopwatch][] = [
      ['float32', ours(stages)],
      ['bf16', ours(bf16Stages)],
      ['pytorch', pytorch],
    ];
    const measured = [...stages.keys()].flatMap((stage) =>
      watches.map(([by]) => ({ stage, by, rounds: [] as number[] })),
    );
    for (const [by, watch] of watches)
      for (const { stage } of measured.filter((one) => one.by === by)) await watch(stage, 1);
    const othersCores = watchOthers();
    for (let round = 1; round <= options.rounds; round += 1) {
      for (const one of round % 2 === 1 ? measured : measured.toReversed()) {
        signal.throwIfAborted();
        const watch = new Map(watches).get(one.by) as Stopwatch;
        one.rounds.push(await watch(one.stage, options.repetitions));
        await sleep(restMs);
      }
      say(`round ${round} of ${options.rounds}`);
    }
    const { repetitions } = options;
    const others = othersCores();
    const times: LearnerTimes = {
      ...{ kind: 'learner', ...circumstances(python), peak },
      ...(others !== undefined && { othersCores: others }),
      ...{ repetitions, measured },
    };
    process.stdout.write(options.json ? `${JSON.stringify(times, null, 2)}\n` : learnerTable(times));
  } finally {
    pytorch.end();
  }
}

/** Begins to watch. @returns what tells how many cores others than we kept busy since, on average; Linux only */
function watchOthers(): () => number | undefined {
  const [began, busy, own] = [performance.now(), busySeconds(), usage(process.pid)?.cpuSeconds];
  return () => {
    const now = usage(process.pid)?.cpuSeconds;
    if (own === undefined || now === undefined) return undefined;
    return Math.max(0, busySeconds() - busy - (now - own)) / ((performance.now() - began) / 1000);
  };
}

function ours(stages: ReadonlyMap<string, Stage>): Stopwatch {
  return async (name, repetitions) => {
    const { run, parts } = stages.get(name) as Stage;
    let best = Infinity;
    for (let repetition = 0; repetition < repetitions; repetition += 1) {
      const begin = performance.now();
      await run();
      best = Math.min(best, (performance.now() - begin) / parts);
    }
    return best;
  };
}

/** Starts PyTorch's process, which first compares its RIM with the oracle. @throws BenchError if it ends */
async function startPytorch(python: string, signal: AbortSignal): Promise<Stopwatch & { end: () => void }> {
  const oracle = fileURLToPath(new URL('../oracle/rims.json', import.meta.url));
  const child = spawn(python, ['-B', beside('learner.py'), oracle], { stdio: ['pipe', 'pipe', 'pipe'], signal });
  let lastWords = 'it printed nothing';
  createInterface({ input: child.stderr }).on('line', (line) => (lastWords = line.trim() || lastWords));
  child.on('error', (error) => (lastWords = error.message));
  child.stdin.on('error', () => undefined); // it has ended, and the missing answer tells
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async (): Promise<string> => {
    const next = (await lines.next()) as IteratorResult<string, undefined>;
    signal.throwIfAborted();
    if (next.done) throw new BenchError(`PyTorch's process ended: ${lastWords}`);
    return next.value;
  };
  await answer();
  const watch: Stopwatch = async (stage, repetitions) => {
    child.stdin.write(`${repetitions} ${stage}\n`);
    const seconds = z.array(z.number().positive()).parse(JSON.parse(await answer()));
    return 1000 * Math.min(...seconds);
  };
  return Object.assign(watch, { end: () => void child.kill() });
}

/** Compiles and runs peak.cc. @throws BenchError if there is no compiler */
function measurePeak(): z.infer<typeof peakSchema> {
  const compiler = findCompiler();
  if (!compiler) throw new BenchError('no C++ compiler to measure the peak with: npm run doctor');
  const folder = mkdtempSync(join(tmpdir(), 'rim-agents-peak-'));
  try {
    const program = join(folder, 'peak');
    const source = fileURLToPath(new URL('peak.cc', import.meta.url));
    execFileSync(compiler, ['-std=c++17', '-O2', '-march=native', '-pthread', source, '-o', program], {
      stdio: 'pipe',
    });
    return peakSchema.parse(JSON.parse(execFileSync(program, { encoding: 'utf8' })));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
