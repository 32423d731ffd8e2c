import * as tf from '@tensorflow/tfjs';
import type { Core } from '../../../agents/cores/core.ts';
import { frameDecoder } from '../../../agents/decoders/frame-decoder.ts';
import type { Kernels } from '../../../agents/kernels/index.ts';
import { ParameterLayout, type Parameters } from '../../../agents/parameters.ts';
import { frameEncoder } from '../../../agents/torsos/frame-encoder.ts';
import { cellPixels, cells } from '../data/bouncing-balls.ts';

/** Width of what the encoder hands to the core. */
const features = 256;
/** A frame as the network takes it: 16x16 cells of 16 pixels. */
const frameShape = [Math.sqrt(cells), Math.sqrt(cells), cellPixels] as const;

export type BallPart = 'encoder' | 'core' | 'decoder';
export type BallParameters = Readonly<Record<BallPart, Parameters>>;

/** What the network predicts of B videos over T steps. */
interface Prediction {
  /** Of each next frame, (T, B, 4096). */
  readonly logits: tf.Tensor3D;
  /** Of the core after the last step, (B, width) each. */
  readonly states: readonly tf.Tensor2D[];
  /** Modules that were active in each step, (T, B, n); only of cores made of modules. */
  readonly active?: tf.Tensor3D;
}

/** Encoder, core, decoder: predicts a video's next frame from all frames so far. */
export class BallPredictor {
  readonly layout: ParameterLayout<BallPart>;
  readonly core: Core;
  readonly #encoder = frameEncoder(features);
  readonly #decoder: ReturnType<typeof frameDecoder>;

  constructor(createCore: (inputSize: number) => Core, kernels: Kernels) {
    this.core = createCore(features);
    this.#decoder = frameDecoder(this.core.outputSize);
    const { parameters: encoder } = this.#encoder;
    this.layout = new ParameterLayout(
      { encoder, core: this.core.parameters, decoder: this.#decoder.parameters },
      kernels,
    );
  }

  /**
   * @param frames (T, B, 4096), 0 and 1 @param states (B, width) each, zeros if not given
   * @param dropoutSeed without one nothing is dropped
   * @returns differentiable with respect to the parameters
   */
  predict(
    parameters: BallParameters,
    frames: tf.Tensor3D,
    states?: readonly tf.Tensor2D[],
    dropoutSeed?: number,
  ): Prediction {
    const [steps, batch, pixels] = frames.shape;
    const encoded = this.#encoder.apply(parameters.encoder, tf.reshape(frames, [steps * batch, ...frameShape]));
    const x: tf.Tensor3D = tf.reshape(encoded, [steps, batch, features]);
    const before = states ?? this.core.stateWidths.map((width) => tf.zeros<tf.Rank.R2>([batch, width]));
    const result = this.core.sequence(parameters.core, x, before, tf.ones([steps, batch]));
    const hidden: tf.Tensor2D = tf.reshape(result.output, [steps * batch, this.core.outputSize]);
    return {
      logits: tf.reshape(this.#decoder.apply(parameters.decoder, hidden), [steps, batch, pixels]),
      states: result.states.map((all) => lastStep(all)),
      ...(result.activation && { active: result.activation.active }),
    };
  }

  /**
   * Sees true frames, then its own predictions: what it takes for more likely lit than not is lit in the next frame.
   * @param seen (T, B, 4096) @param steps how many frames to predict, from the one after the last seen
   * @returns logits (steps, B, 4096), and which modules were active in the T + steps - 1 steps
   */
  rollOut(parameters: BallParameters, seen: tf.Tensor3D, steps: number): { logits: tf.Tensor3D; active?: tf.Tensor3D } {
    let last = tf.tidy(() => this.predict(parameters, seen));
    const active = last.active ? [last.active] : [];
    const logits = [tf.tidy(() => tf.expandDims<tf.Tensor3D>(lastStep(last.logits), 0))];
    last.logits.dispose();
    while (logits.length < steps) {
      const { states } = last;
      const lit = tf.tidy(() => tf.cast<tf.Tensor3D>(tf.greater(logits.at(-1) as tf.Tensor3D, 0), 'float32'));
      last = tf.tidy(() => this.predict(parameters, lit, states));
      tf.dispose([lit, ...states]);
      logits.push(last.logits);
      if (last.active) active.push(last.active);
    }
    tf.dispose([...last.states]);
    return { logits: joined(logits), ...(active.length > 0 && { active: joined(active) }) };
  }
}

function lastStep(all: tf.Tensor3D): tf.Tensor2D {
  const [steps, batch, width] = all.shape;
  return tf.reshape(tf.slice(all, [steps - 1, 0, 0], [1, batch, width]), [batch, width]);
}

function joined(steps: tf.Tensor3D[]): tf.Tensor3D {
  const all = tf.concat(steps, 0);
  tf.dispose(steps);
  return all;
}
