import * as tf from '@tensorflow/tfjs';
import type { Core } from './core.ts';

/** The states of a new episode, (B, width) each. */
export function zeroStates({ stateWidths }: Core, batch: number): tf.Tensor2D[] {
  return stateWidths.map((width) => tf.zeros<tf.Rank.R2>([batch, width]));
}
