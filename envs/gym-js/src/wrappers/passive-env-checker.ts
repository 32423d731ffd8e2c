import { checkedRender, checkedReset, checkedStep, checkReuse } from '../checker/passive-checks.ts';
import { checkSpace } from '../checker/space-checks.ts';
import type { Env, RenderResult, ResetOptions, ResetResult, StepResult } from '../env.ts';
import type { EnvSpec } from '../registry/env-spec.ts';
import { warn } from '../warnings.ts';
import { Wrapper } from './wrapper.ts';

/**
 * Looks at what the environment returns the first times, and warns of what is not as it should be
 * (gymnasium.wrappers.PassiveEnvChecker). After that it costs next to nothing.
 */
export class PassiveEnvChecker<Observation, Action> extends Wrapper<Observation, Action> {
  static override readonly entryPoint: string = 'gym-js:PassiveEnvChecker';
  private checkedReset = false;
  private checkedSteps = 0;
  private checkedRender = false;
  private before: ResetResult<Observation> | undefined;
  private closed = false;

  /** Throws TypeError where the environment has no spaces, GymError where one is empty. */
  constructor(env: Env<Observation, Action>) {
    super(env, {});
    checkSpace(env.actionSpace, 'action');
    checkSpace(env.observationSpace, 'observation');
  }

  /** The first time throws GymError where the result is not of the form `{ observation, info }`. */
  override reset(options?: ResetOptions): ResetResult<Observation> {
    if (this.checkedReset) return this.env.reset(options);
    this.checkedReset = true;
    this.before = checkedReset(this.env, options);
    return this.before;
  }

  /** The first time throws GymError where the result has not the form of a step's. */
  override step(action: Action): StepResult<Observation> {
    if (this.checkedSteps === 2) return this.env.step(action);
    const first = this.checkedSteps === 0;
    this.checkedSteps += 1;
    const result = first ? checkedStep<Observation>(this.env, action) : this.env.step(action);
    if (this.before) checkReuse(this.before, result, first ? 'reset() and the step() after it' : 'two calls of step()');
    this.before = this.checkedSteps === 2 ? undefined : result;
    return result;
  }

  override render(): RenderResult {
    if (this.checkedRender) return super.render();
    this.checkedRender = true;
    if (!this.env.render) return super.render();
    return checkedRender(this.env);
  }

  override close(): void {
    if (!this.closed) {
      this.closed = true;
      return this.env.close();
    }
    try {
      this.env.close();
    } catch (error) {
      warn('close() of a closed environment threw; it may be called twice');
      throw error;
    }
  }

  protected override extendSpec(inner: EnvSpec): EnvSpec {
    return inner.with({ disableEnvChecker: false });
  }
}
