import type { Env, ResetOptions, ResetResult, StepResult } from '../env.ts';
import type { Space } from '../spaces/space.ts';
import { type Batch, join, spaceOf } from '../vector/joined-elements.ts';
import { Wrapper } from './wrapper.ts';
import { zeroElement } from './zero-element.ts';

export interface FrameStackObservationOptions<Observation> {
  /** Observations in one. */
  stackSize: number;
  /**
   * What stands for the observations before the first: `reset` (default) that first one, `zero` the space's element
   * nearest to zero, or an observation.
   */
  paddingType?: 'reset' | 'zero' | Observation;
}

/** Gives the last observations together, the newest last (gymnasium.wrappers.FrameStackObservation). */
export class FrameStackObservation<Observation, Action> extends Wrapper<Batch<Observation>, Action, Observation> {
  static override readonly entryPoint: string = 'gym-js:FrameStackObservation';
  readonly stackSize: number;
  private readonly space: Space<Observation>;
  /** Undefined for the first observation. */
  private readonly padding: Observation | undefined;
  private queue: Observation[];

  /** Throws RangeError for a size below 1 or a padding that is no observation. */
  constructor(
    env: Env<Observation, Action>,
    { stackSize, paddingType = 'reset' }: FrameStackObservationOptions<Observation>,
  ) {
    super(env, { stackSize, paddingType });
    if (!Number.isSafeInteger(stackSize) || stackSize < 1) {
      throw new RangeError(`FrameStackObservation: stackSize ${stackSize} is not a whole number above 0`);
    }
    this.space = env.observationSpace;
    this.stackSize = stackSize;
    this.observationSpace = spaceOf(this.space, stackSize);
    if (paddingType === 'zero') this.padding = zeroElement(this.space);
    else if (paddingType === 'reset') this.padding = undefined;
    else if (this.space.contains(paddingType)) this.padding = paddingType;
    else throw new RangeError('FrameStackObservation: paddingType is not "reset", "zero" or an observation');
    this.queue = [];
  }

  override reset(options?: ResetOptions): ResetResult<Batch<Observation>> {
    const { observation, info } = this.env.reset(options);
    const padding = Array<Observation>(this.stackSize - 1).fill(this.padding ?? observation);
    this.queue = [...padding, observation];
    return { observation: join(this.space, this.queue), info };
  }

  override step(action: Action): StepResult<Batch<Observation>> {
    const result = this.env.step(action);
    this.queue = [...this.queue.slice(1), result.observation];
    return { ...result, observation: join(this.space, this.queue) };
  }
}
