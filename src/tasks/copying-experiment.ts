import * as tf from '@tensorflow/tfjs';
import { crossEntropies } from '../../agents/cross-entropy.ts';
import type { Kernels } from '../../agents/kernels/index.ts';
import type { Random } from '../../agents/random.ts';
import { LengthExperiment, type LengthOptions } from './length-experiment.ts';
import { SequenceNetwork } from './sequence-network.ts';
import type { SequenceParameters } from './task.ts';

/** Symbols to remember, each 1 to 8; 0 is blank, 9 asks for the symbols. */
const [symbols, kinds, blank, marker] = [10, 8, 0, 9];

/** Sequences of one length, time-major: (T + 20, B) each. */
export interface CopyingBatch {
  readonly inputs: Uint8Array;
  readonly targets: Uint8Array;
  readonly size: number;
}

/**
 * Ten symbols, T - 1 blank steps, the marker, ten blank steps (Hochreiter and Schmidhuber 1997; lengths as in Goyal et
 * al. 2019). Target: blank, and in the last ten steps the symbols.
 */
export function copyingBatch(random: Random, length: number, size: number): CopyingBatch {
  const steps = length + 2 * symbols;
  const inputs = new Uint8Array(steps * size).fill(blank);
  const targets = new Uint8Array(steps * size).fill(blank);
  for (let b = 0; b < size; b++) {
    for (let i = 0; i < symbols; i++) {
      const symbol = 1 + random.integer(kinds);
      inputs[i * size + b] = symbol;
      targets[(steps - symbols + i) * size + b] = symbol;
    }
    inputs[(steps - symbols - 1) * size + b] = marker;
  }
  return { inputs, targets, size };
}

/**
 * Metrics: mean cross-entropy over the last ten steps (`lastTen`) and over all; share of right symbols (`accuracy`).
 * Example: symbols, targets, and what was said in each step.
 */
export function copyingExperiment(
  options: LengthOptions & { readonly embedding: number },
  kernels: Kernels,
): LengthExperiment<CopyingBatch> {
  const input = { vocabulary: marker + 1, embedding: options.embedding };
  const network = new SequenceNetwork({ core: options.core, input, outputs: kinds + 1 }, kernels);
  const said = (parameters: SequenceParameters, { inputs, size }: CopyingBatch, dropoutSeed?: number) => {
    const result = network.run(parameters, inputs, size, dropoutSeed);
    const rows = tf.reshape<tf.Rank.R2>(result.hidden, [inputs.length, network.core.outputSize]);
    return { ...result, logits: network.decode(parameters, rows) };
  };
  return new LengthExperiment({
    ...{ ...options, network },
    deciding: 'lastTen',
    draw: copyingBatch,
    predict(parameters, batch, dropoutSeed) {
      const { logits, ...result } = said(parameters, batch, dropoutSeed);
      const each = crossEntropies(logits, batch.targets);
      const first = batch.targets.length - symbols * batch.size;
      const all = tf.mean<tf.Scalar>(each);
      const lastTen = tf.mean<tf.Scalar>(tf.slice(each, first));
      const right = tf.equal(tf.argMax(tf.slice(logits, first), 1), tf.tensor1d(batch.targets.slice(first), 'int32'));
      return { ...result, loss: all, metrics: { lastTen, all, accuracy: tf.mean(tf.cast(right, 'float32')) } };
    },
    example(parameters, batch) {
      const { logits, activation } = said(parameters, batch);
      const outputs = [...tf.argMax(logits, 1).dataSync()];
      return { inputs: [...batch.inputs], targets: [...batch.targets], outputs, activation };
    },
  });
}
