import * as tf from '@tensorflow/tfjs';
import type { Activation, Core } from '../../../agents/cores/core.ts';
import { createCore } from '../../../agents/cores/index.ts';
import type { CoreOptions } from '../../../agents/cores/options.ts';
import { lastStep } from '../../../agents/cores/last-step.ts';
import { zeroStates } from '../../../agents/cores/zero-states.ts';
import { frameDecoder } from '../../../agents/decoders/frame-decoder.ts';
import type { Kernels } from '../../../agents/kernels/index.ts';
import { ParameterLayout } from '../../../agents/parameters.ts';
import { frameEncoder } from '../../../agents/torsos/frame-encoder.ts';
import { cellPixels, cells } from '../data/bouncing-balls.ts';
import type { SequenceParameters, SequencePart } from '../task.ts';

/** Width of what the encoder hands to the core. */
const features = 256;
/** A frame as the network takes it: 16x16 cells of 16 pixels. */
const frameShape = [Math.sqrt(cells), Math.sqrt(cells), cellPixels] as const;

/** What the network makes of B videos over T steps. */
type Prediction = {
  /** Of each next frame, (T, B, 4096). */
  readonly logits: tf.Tensor3D;
  /** What the core gave, (T, B, H). */
  readonly hidden: tf.Tensor3D;
  /** Of the core after the last step, (B, width) each. */
  readonly states: tf.Tensor2D[];
  /** Of the core's modules, (T, B, n) each. */
  readonly activation: Activation | undefined;
};

/** Encoder, core, decoder: predicts a video's next frame from all frames so far. */
export class BallPredictor {
  readonly layout: ParameterLayout<SequencePart>;
  readonly core: Core;
  readonly #encoder = frameEncoder(features);
  readonly #decoder: ReturnType<typeof frameDecoder>;

  /** @throws UserError if the core's options contradict each other */
  constructor(options: CoreOptions, kernels: Kernels) {
    this.core = createCore(options, kernels, features);
    this.#decoder = frameDecoder(this.core.outputSize);
    const parts = {
      encoder: this.#encoder.parameters,
      core: this.core.parameters,
      decoder: this.#decoder.parameters,
    };
    this.layout = new ParameterLayout(parts, kernels);
  }

  /**
   * @param frames (T, B, 4096), 0 and 1 @param states (B, width) each, zeros if not given
   * @param dropoutSeed see Core.sequence
   * @returns differentiable with respect to the parameters
   */
  predict(
    parameters: SequenceParameters,
    frames: tf.Tensor3D,
    states?: readonly tf.Tensor2D[],
    dropoutSeed?: number,
  ): Prediction {
    const [steps, batch, pixels] = frames.shape;
    const encoded = this.#encoder.apply(parameters.encoder, tf.reshape(frames, [steps * batch, ...frameShape]));
    const x: tf.Tensor3D = tf.reshape(encoded, [steps, batch, features]);
    const before = states ?? zeroStates(this.core, batch);
    const result = this.core.sequence(parameters.core, x, before, tf.ones([steps, batch]), dropoutSeed);
    const rows: tf.Tensor2D = tf.reshape(result.output, [steps * batch, this.core.outputSize]);
    return {
      logits: tf.reshape(this.#decoder.apply(parameters.decoder, rows), [steps, batch, pixels]),
      hidden: result.output,
      states: result.states.map(lastStep),
      activation: result.activation,
    };
  }

  /**
   * Sees true frames, then its own predictions: a pixel that it takes for more likely lit than not is lit in the next
   * frame that it sees.
   * @param seen (T, B, 4096) @param steps how many frames to predict, from the one after the last seen
   * @returns logits (steps, B, 4096); of a core of modules, which were active, (T + steps - 1, B, n)
   */
  rollOut(
    parameters: SequenceParameters,
    seen: tf.Tensor3D,
    steps: number,
  ): { logits: tf.Tensor3D; active?: tf.Tensor3D } {
    const logits: tf.Tensor3D[] = [];
    const active: tf.Tensor3D[] = [];
    let [frames, states]: [tf.Tensor3D, tf.Tensor2D[] | undefined] = [seen, undefined];
    while (logits.length < steps) {
      const step = tf.tidy(() => {
        const made = this.predict(parameters, frames, states);
        const last = tf.expandDims<tf.Tensor3D>(lastStep(made.logits));
        const lit: tf.Tensor3D = tf.cast(tf.greater(last, 0), 'float32');
        return { last, lit, states: made.states, ...(made.activation && { active: made.activation.active }) };
      });
      if (frames !== seen) frames.dispose();
      tf.dispose(states);
      [frames, states] = [step.lit, step.states];
      logits.push(step.last);
      if (step.active) active.push(step.active);
    }
    if (frames !== seen) frames.dispose();
    tf.dispose(states);
    return { logits: joined(logits), ...(active.length > 0 && { active: joined(active) }) };
  }
}

function joined(steps: tf.Tensor3D[]): tf.Tensor3D {
  const all = tf.concat(steps, 0);
  tf.dispose(steps);
  return all;
}
