import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { loadTensorFlow } from '../../agents/kernels/backend.ts';
import { selectKernels } from '../../agents/kernels/index.ts';
import { findCompiler } from '../../agents/kernels/native/build.mjs';
import { BenchError } from './bench-error.ts';
import { type Computer, type LearnerTimes, learnerTable, peakSchema } from './learner-report.ts';
import { ourStages } from './learner-stages.ts';
import { circumstances } from './machine.ts';
import { peersPython } from './peers/environment.ts';
import { ourStopwatch, restMs, startPytorch, type Stopwatch, watchOthers } from './stopwatch.ts';

const count = (standard: number, text: string): z.ZodDefault<z.ZodNumber> =>
  z.number().int().min(1).max(1000).default(standard).meta({ text });

/** Flags of `npm run bench -- learner`. */
export const learnerOptions = z.strictObject({
  rounds: count(8, 'rounds; in each, ours in both precisions and PyTorch take turns at every stage'),
  repetitions: count(3, 'of each stage in each round; the best counts'),
  json: z.boolean().default(false).meta({ text: 'print JSON instead of a table' }),
});

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
  const pytorch = await startPytorch('learner.py', python, signal);
  try {
    const watches: [Computer, Stopwatch][] = [
      ['float32', ourStopwatch(stages)],
      ['bf16', ourStopwatch(bf16Stages)],
      ['pytorch', pytorch.watch],
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
        one.rounds.push(Math.min(...(await watch(one.stage, options.repetitions))));
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
