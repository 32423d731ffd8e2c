import type { Env } from '../env.ts';
import type { Space } from '../spaces/space.ts';
import { ObservationWrapper } from './observation-wrapper.ts';

export interface TransformObservationOptions<Observation, InnerObservation> {
  func: (observation: InnerObservation) => Observation;
  /** The space of what `func` gives; default: the environment's. */
  observationSpace?: Space<Observation> | undefined;
}

/** Changes every observation by a function (gymnasium.wrappers.TransformObservation). */
export class TransformObservation<Observation, Action, InnerObservation = Observation> extends ObservationWrapper<
  Observation,
  Action,
  InnerObservation
> {
  static override readonly entryPoint: string = 'gym-js:TransformObservation';
  private readonly func: (observation: InnerObservation) => Observation;

  constructor(
    env: Env<InnerObservation, Action>,
    { func, observationSpace }: TransformObservationOptions<Observation, InnerObservation>,
  ) {
    super(env, { func, observationSpace });
    this.func = func;
    if (observationSpace) this.observationSpace = observationSpace;
  }

  override observation(observation: InnerObservation): Observation {
    return this.func(observation);
  }
}
