import * as tf from '@tensorflow/tfjs';
import type { Activation } from '../../agents/cores/core.ts';
import type { ActivationStatistics, ActivationSums } from './forms.ts';
import { activationStatistics, type CoreSizes, emptySums, nearZeroLimit } from './statistics.ts';

/** Activation statistics over whole sequences, batch by batch. */
export class SequenceActivation {
  readonly #core: CoreSizes;
  readonly #sums: ActivationSums;

  constructor(core: CoreSizes) {
    this.#core = core;
    this.#sums = emptySums(core);
  }

  /** @param output (T, B, H) of the core @param activation of its modules, (T, B, n) each */
  add(output: tf.Tensor3D, activation: Activation | undefined): void {
    const sums = this.#sums;
    const [steps, batch] = output.shape;
    sums.steps += steps * batch;
    sums.nearZero += read(() => tf.sum(tf.cast(tf.less(tf.abs(output), nearZeroLimit), 'float32')))[0] as number;
    if (!activation) return;
    const { active, nullAttention } = activation;
    const total = read(() => tf.sum(active, [0, 1]));
    const toNull = read(() => tf.sum(nullAttention, [0, 1]));
    for (const [module, count] of total.entries()) {
      sums.active[module] = (sums.active[module] as number) + count;
      sums.attention[module] = (sums.attention[module] as number) + steps * batch - (toNull[module] as number);
    }
    if (steps === 1) return;
    sums.changes += (steps - 1) * batch;
    sums.swaps += read(() => {
      const [before, after] = [tf.slice(active, 0, steps - 1), tf.slice(active, 1)];
      return tf.sum(tf.mul(after, tf.sub(1, before)));
    })[0] as number;
  }

  statistics(): ActivationStatistics {
    return activationStatistics(this.#sums, this.#core);
  }
}

/** For a sample: which modules were active in each step of the only sequence of a batch; nothing of a core without. */
export function activeSteps(active: tf.Tensor3D | undefined): { active?: number[][] } {
  return active ? { active: tf.squeeze<tf.Tensor2D>(active, [1]).arraySync() } : {};
}

function read(make: () => tf.Tensor): Float32Array {
  const made = tf.tidy(make);
  const values = made.dataSync() as Float32Array;
  made.dispose();
  return values;
}
