import type { Env, RenderResult, ResetOptions, ResetResult, StepResult } from '../env.ts';
import { ResetNeeded } from '../errors.ts';
import type { EnvSpec } from '../registry/env-spec.ts';
import { Wrapper } from './wrapper.ts';

/** Refuses `step` and `render` before the first `reset` (gymnasium.wrappers.OrderEnforcing). */
export class OrderEnforcing<Observation, Action> extends Wrapper<Observation, Action> {
  static override readonly entryPoint: string = 'gym-js:OrderEnforcing';
  hasReset = false;
  private readonly renderAlways: boolean;

  constructor(
    env: Env<Observation, Action>,
    { disableRenderOrderEnforcing = false }: { disableRenderOrderEnforcing?: boolean } = {},
  ) {
    super(env, { disableRenderOrderEnforcing });
    this.renderAlways = disableRenderOrderEnforcing;
  }

  override reset(options?: ResetOptions): ResetResult<Observation> {
    this.hasReset = true;
    return this.env.reset(options);
  }

  /** Throws ResetNeeded before the first reset. */
  override step(action: Action): StepResult<Observation> {
    if (!this.hasReset) throw new ResetNeeded('call reset() before step()');
    return this.env.step(action);
  }

  /** Throws ResetNeeded before the first reset. */
  override render(): RenderResult {
    if (!this.hasReset && !this.renderAlways) throw new ResetNeeded('call reset() before render()');
    return super.render();
  }

  protected override extendSpec(inner: EnvSpec): EnvSpec {
    return inner.with({ orderEnforce: true });
  }
}
