import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { loadTensorFlow } from '../../agents/kernels/backend.ts';
import { selectKernels } from '../../agents/kernels/index.ts';
import { BenchError } from './bench-error.ts';
import { circumstances } from './machine.ts';
import { peersPython } from './peers/environment.ts';
import { type SequenceSpeeds, sequenceTable, type Trainer } from './sequence-report.ts';
import { ourTrainings } from './sequence-stages.ts';
import { ourStopwatch, restMs, startPytorch, type Stopwatch, watchOthers } from './stopwatch.ts';

const count = (standard: number, text: string): z.ZodDefault<z.ZodNumber> =>
  z.number().int().min(1).max(1000).default(standard).meta({ text });

/** Flags of `npm run bench -- sequence`. */
export const sequenceOptions = z.strictObject({
  rounds: count(5, 'rounds; in each, ours and PyTorch take turns at every training'),
  steps: count(4, 'training steps of each in each round'),
  json: z.boolean().default(false).meta({ text: 'print JSON instead of a table' }),
});

/** PyTorch's LSTM adds a second bias, for each of its gates. */
const secondBias = 4 * 600;

/**
 * Compares training steps of the sequence tasks with those of the same networks in PyTorch.
 * @throws BenchError if PyTorch fails, or its networks have other sizes; the signal's reason once that is aborted
 */
export async function sequence(options: z.infer<typeof sequenceOptions>, signal: AbortSignal): Promise<void> {
  const say = (text: string): void => void process.stderr.write(`${text}\n`);
  const python = await peersPython({ say, signal });
  await loadTensorFlow();
  const trainings = await ourTrainings(selectKernels('native'));
  const pytorch = await startPytorch('sequence.py', python, signal);
  try {
    const theirSizes = z.record(z.string(), z.number()).parse(JSON.parse(pytorch.greeting));
    const measured = [...trainings].flatMap(([training, { parameters }]) => {
      const theirs = theirSizes[training] ?? 0;
      const expected = parameters + (training.endsWith('lstm') ? secondBias : 0);
      if (theirs !== expected)
        throw new BenchError(`${training}: PyTorch's network has ${theirs} parameters where ${expected} were expected`);
      return [
        { training, by: 'ours' as const, parameters, rounds: [] as number[] },
        { training, by: 'pytorch' as const, parameters: theirs, rounds: [] as number[] },
      ];
    });
    const watches: Record<Trainer, Stopwatch> = { ours: ourStopwatch(trainings), pytorch: pytorch.watch };
    for (const { training, by } of measured) await watches[by](training, 1);
    const othersCores = watchOthers();
    for (let round = 1; round <= options.rounds; round += 1) {
      for (const { training, by, rounds } of round % 2 === 1 ? measured : measured.toReversed()) {
        signal.throwIfAborted();
        const ms = await watches[by](training, options.steps);
        rounds.push((1000 * ms.length) / ms.reduce((sum, one) => sum + one, 0));
        await sleep(restMs);
      }
      say(`round ${round} of ${options.rounds}`);
    }
    const others = othersCores();
    const speeds: SequenceSpeeds = {
      ...{ kind: 'sequence', ...circumstances(python) },
      ...(others !== undefined && { othersCores: others }),
      ...{ steps: options.steps, measured },
    };
    process.stdout.write(options.json ? `${JSON.stringify(speeds, null, 2)}\n` : sequenceTable(speeds));
  } finally {
    pytorch.end();
  }
}
