import type { Env } from '../env.ts';
import { Box } from '../spaces/box.ts';
import type { Dtype, DtypeArrays } from '../spaces/dtype.ts';
import { isBox } from '../spaces/kinds.ts';
import { ObservationWrapper } from './observation-wrapper.ts';
import { RunningMeanStd } from './running-mean-std.ts';

/**
 * Subtracts from each element of the observations its running mean and divides by its running standard deviation
 * (gymnasium.wrappers.NormalizeObservation); the result is float32.
 */
export class NormalizeObservation<Action> extends ObservationWrapper<Float32Array, Action, DtypeArrays[Dtype]> {
  static override readonly entryPoint: string = 'gym-js:NormalizeObservation';
  readonly epsilon: number;
  readonly obsRms: RunningMeanStd;
  /** Whether observations still move the statistics; put false there to evaluate. */
  updateRunningMean = true;

  /**
   * `epsilon` is added to the variance; default 1e-8. Throws RangeError unless it is above 0, TypeError where
   * observations are not arrays (a Box).
   */
  constructor(env: Env<DtypeArrays[Dtype], Action>, { epsilon = 1e-8 }: { epsilon?: number } = {}) {
    super(env, { epsilon });
    if (!(epsilon > 0)) throw new RangeError(`NormalizeObservation: epsilon ${epsilon} is not above 0`);
    const box = env.observationSpace;
    if (!isBox(box)) throw new TypeError('NormalizeObservation: the observation space is not a Box');
    this.epsilon = epsilon;
    this.observationSpace = new Box({ low: -Infinity, high: Infinity, shape: box.shape, dtype: 'float32' });
    this.obsRms = new RunningMeanStd(box.size, 'float32');
  }

  override observation(observation: DtypeArrays[Dtype]): Float32Array {
    const { obsRms, epsilon } = this;
    if (this.updateRunningMean) obsRms.update(observation);
    return obsRms.normalize(observation, epsilon);
  }
}
