import type { Env } from '../env.ts';
import type { Dtype, DtypeArrays } from '../spaces/dtype.ts';
import { flatten, flattenSpace } from '../spaces/flatten.ts';
import type { Space } from '../spaces/space.ts';
import { ObservationWrapper } from './observation-wrapper.ts';

type Flat = DtypeArrays[Dtype];

/** Makes one array of each observation, as `flatten` does (gymnasium.wrappers.FlattenObservation). */
export class FlattenObservation<Observation, Action> extends ObservationWrapper<Flat, Action, Observation> {
  static override readonly entryPoint: string = 'gym-js:FlattenObservation';

  constructor(env: Env<Observation, Action>) {
    super(env, {});
    this.observationSpace = flattenSpace(env.observationSpace) as unknown as Space<Flat>;
  }

  override observation(observation: Observation): Flat {
    return flatten(this.env.observationSpace, observation) as Flat;
  }
}
