import type { RenderResult } from '../env.ts';
import type { EnvSpec } from '../registry/env-spec.ts';
import type { Space } from '../spaces/space.ts';
import type {
  VectorEnv,
  VectorEnvMetadata,
  VectorResetOptions,
  VectorResetResult,
  VectorStepResult,
} from '../vector-env.ts';

/** Changes what a vector environment gives (gymnasium.vector.VectorWrapper): a subclass overrides what differs. */
export class VectorWrapper<Observation, Action, Observations, Actions> implements VectorEnv<
  Observation,
  Action,
  Observations,
  Actions
> {
  readonly env: VectorEnv<Observation, Action, Observations, Actions>;

  constructor(env: VectorEnv<Observation, Action, Observations, Actions>) {
    this.env = env;
  }

  get numEnvs(): number {
    return this.env.numEnvs;
  }

  get metadata(): VectorEnvMetadata {
    return this.env.metadata;
  }

  get renderMode(): string | undefined {
    return this.env.renderMode;
  }

  get spec(): EnvSpec | undefined {
    return this.env.spec;
  }

  get singleObservationSpace(): Space<Observation> {
    return this.env.singleObservationSpace;
  }

  get singleActionSpace(): Space<Action> {
    return this.env.singleActionSpace;
  }

  get observationSpace(): Space<Observations> {
    return this.env.observationSpace;
  }

  get actionSpace(): Space<Actions> {
    return this.env.actionSpace;
  }

  reset(options?: VectorResetOptions): Promise<VectorResetResult<Observations>> {
    return this.env.reset(options);
  }

  step(actions: Actions): Promise<VectorStepResult<Observations>> {
    return this.env.step(actions);
  }

  async render(): Promise<RenderResult[]> {
    if (!this.env.render) throw new Error('the vector environment has no render()');
    return this.env.render();
  }

  async call(name: string, ...args: unknown[]): Promise<unknown[]> {
    if (!this.env.call) throw new Error('the vector environment has no call()');
    return this.env.call(name, ...args);
  }

  close(): Promise<void> {
    return this.env.close();
  }
}
