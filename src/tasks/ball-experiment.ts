import * as tf from '@tensorflow/tfjs';
import { mean } from 'simple-statistics';
import type { CoreOptions } from '../../agents/cores/options.ts';
import type { Kernels } from '../../agents/kernels/index.ts';
import type { ParameterLayout } from '../../agents/parameters.ts';
import { Random } from '../../agents/random.ts';
import type { EvaluatedSet } from '../runs/task-lines.ts';
import { activeSteps, SequenceActivation } from '../activation/by-sequence.ts';
import { BallPredictor } from './balls/ball-predictor.ts';
import { type BallSample, type BallSamples, packedText } from './balls/ball-sample.ts';
import { frameErrors, pixelLoss } from './balls/pixel-loss.ts';
import {
  type BallScene,
  cellPixels,
  cells,
  drawVideo,
  type MassKind,
  packCells,
  scenes,
  unpackCells,
} from './data/bouncing-balls.ts';
import { seedOfSet } from './fixed-set.ts';
import type { Experiment, SequenceParameters, SequencePart } from './task.ts';

/** Frames of a video; those that are seen before the network goes on by itself, and those that it then predicts. */
const [steps, seen, rolledOut] = [51, 15, 35];
/** Values of a frame. */
const pixels = cells * cellPixels;

/** B videos, time-major: (51, B, 256) cells. */
interface BallBatch {
  readonly frames: Uint16Array;
  readonly size: number;
}

interface BallSet {
  readonly scene: BallScene;
  readonly videos: number;
}

/** Videos that are evaluated at once. */
const evaluatedAtOnce = 64;

export interface BallOptions {
  readonly core: CoreOptions;
  readonly trainScene: BallScene;
  readonly masses: MassKind;
  /** Videos in an update. */
  readonly batch: number;
}

/** Predicts each next frame of videos of bouncing balls; tested by going on without seeing. */
export class BallExperiment implements Experiment<BallBatch> {
  readonly validation = ['validation'];
  readonly selections: Experiment['selections'] = [
    { name: 'validation', set: 'validation', metric: 'nextFrame', best: 'low', tests: scenes },
  ];
  readonly layout: ParameterLayout<SequencePart>;
  readonly #predictor: BallPredictor;
  readonly #options: BallOptions;
  readonly #sets: ReadonlyMap<string, BallSet>;

  /** @throws UserError if the core cannot take the features */
  constructor(options: BallOptions, kernels: Kernels) {
    this.#options = options;
    this.#predictor = new BallPredictor(options.core, kernels);
    this.layout = this.#predictor.layout;
    this.#sets = new Map([
      ['validation', { scene: options.trainScene, videos: 128 }],
      ...scenes.map((scene) => [scene, { scene, videos: 256 }] as const),
    ]);
  }

  nextBatch(random: Random): BallBatch {
    const { trainScene, masses, batch } = this.#options;
    return drawBatch(trainScene, masses, batch, random);
  }

  /** Cross-entropy of the 50 next frames: summed over pixels, mean over frames; each is predicted from true ones. */
  loss(parameters: SequenceParameters, { frames, size }: BallBatch, dropoutSeed?: number): tf.Scalar {
    const all = frameTensor(frames, size);
    const { logits } = this.#predictor.predict(parameters, between(all, 0, steps - 1), undefined, dropoutSeed);
    const rows = (steps - 1) * size;
    return pixelLoss(tf.reshape(logits, [rows, pixels]), tf.reshape(between(all, 1, steps), [rows, pixels]));
  }

  /**
   * Metrics: `nextFrame`, the loss; and of each of the 35 rolled-out frames `rolloutCrossEntropy`, summed over pixels,
   * and `rolloutSquaredError`, of the probabilities per pixel, with their means.
   */
  evaluate(parameters: SequenceParameters, set: string): EvaluatedSet {
    const { scene, videos } = this.#sets.get(set) as BallSet;
    const random = new Random(seedOfSet(set));
    const activation = new SequenceActivation(this.#predictor.core);
    const nextFrame = new Mean(1);
    const [crossEntropy, squaredError] = [new Mean(rolledOut), new Mean(rolledOut)];
    for (let done = 0; done < videos; done += evaluatedAtOnce) {
      const { frames, size } = drawBatch(scene, this.#options.masses, evaluatedAtOnce, random);
      tf.tidy(() => {
        const all = frameTensor(frames, size);
        const given = this.#predictor.predict(parameters, between(all, 0, steps - 1));
        activation.add(given.hidden, given.activation);
        nextFrame.add([mean(frameErrors(given.logits, between(all, 1, steps)).crossEntropy)]);
        const { logits } = this.#predictor.rollOut(parameters, between(all, 0, seen), rolledOut);
        const errors = frameErrors(logits, between(all, seen, seen + rolledOut));
        crossEntropy.add(errors.crossEntropy);
        squaredError.add(errors.squaredError);
      });
    }
    const metrics = {
      nextFrame: mean(nextFrame.values()),
      rolloutCrossEntropy: crossEntropy.values(),
      rolloutSquaredError: squaredError.values(),
      meanRolloutCrossEntropy: mean(crossEntropy.values()),
      meanRolloutSquaredError: mean(squaredError.values()),
    };
    return { metrics, activation: activation.statistics() };
  }

  /** A video of each scene, and what was rolled out of it. */
  sample(parameters: SequenceParameters): BallSamples {
    const random = new Random(seedOfSet('sample'));
    return { videos: scenes.map((scene) => this.#sampleOf(scene, parameters, random)) };
  }

  #sampleOf(scene: BallScene, parameters: SequenceParameters, random: Random): BallSample {
    const { frames } = drawBatch(scene, this.#options.masses, 1, random);
    return tf.tidy(() => {
      const given = between(frameTensor(frames, 1), 0, seen);
      const { logits, active } = this.#predictor.rollOut(parameters, given, rolledOut);
      return {
        ...{ scene, seen, truth: packedText(frames.subarray(0, (seen + rolledOut) * cells)) },
        rolledOut: packedText(packCells(tf.greater(logits, 0).dataSync() as Uint8Array)),
        ...activeSteps(active),
      };
    });
  }
}

function drawBatch(scene: BallScene, masses: MassKind, size: number, random: Random): BallBatch {
  const frames = new Uint16Array(steps * size * cells);
  for (let b = 0; b < size; b++) {
    const video = drawVideo(scene, masses, steps, random);
    for (let t = 0; t < steps; t++) frames.set(video.subarray(t * cells, (t + 1) * cells), (t * size + b) * cells);
  }
  return { frames, size };
}

function frameTensor(frames: Uint16Array, size: number): tf.Tensor3D {
  return tf.tensor3d(unpackCells(frames), [frames.length / size / cells, size, pixels]);
}

/** Frames `from` to before `to` of all videos. */
function between(frames: tf.Tensor3D, from: number, to: number): tf.Tensor3D {
  return tf.slice(frames, [from, 0, 0], [to - from, ...frames.shape.slice(1)]);
}

/** The mean of lists of one length, place by place. */
class Mean {
  readonly #sums: number[];
  #count = 0;

  constructor(length: number) {
    this.#sums = new Array<number>(length).fill(0);
  }

  add(values: readonly number[]): void {
    for (const [i, value] of values.entries()) this.#sums[i] = (this.#sums[i] as number) + value;
    this.#count += 1;
  }

  values(): number[] {
    return this.#sums.map((sum) => sum / this.#count);
  }
}
