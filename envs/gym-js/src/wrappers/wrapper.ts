import type { AnyEnv, Env, EnvMetadata, RenderResult, ResetOptions, ResetResult, StepResult } from '../env.ts';
import type { EnvSpec } from '../registry/env-spec.ts';
import type { WrapperCreator } from '../registry/wrapper-spec.ts';
import type { Space } from '../spaces/space.ts';

/**
 * Changes what an environment takes or gives without changing the environment (gymnasium.Wrapper): a subclass overrides
 * what differs, and assigns `observationSpace` or `actionSpace` where these do. Observations and actions are those of
 * the wrapper; the wrapped environment's are `InnerObservation` and `InnerAction`.
 */
export class Wrapper<Observation, Action, InnerObservation = Observation, InnerAction = Action> implements Env<
  Observation,
  Action
> {
  /** Where `make` finds this class again from a spec that was text, `module:export`. */
  static readonly entryPoint?: string;

  readonly env: Env<InnerObservation, InnerAction>;
  observationSpace: Space<Observation>;
  actionSpace: Space<Action>;
  private readonly kwargs: Record<string, unknown> | undefined;
  private known: { inner: EnvSpec; spec: EnvSpec } | undefined;

  /** `kwargs` is what the subclass was made with; it stands in `spec`, so that `make(spec)` wraps in the same way. */
  constructor(env: Env<InnerObservation, InnerAction>, kwargs?: object) {
    this.env = env;
    // A subclass for which these are not the wrapper's own puts others there.
    this.observationSpace = env.observationSpace as unknown as Space<Observation>;
    this.actionSpace = env.actionSpace as unknown as Space<Action>;
    this.kwargs = kwargs && { ...kwargs };
  }

  get metadata(): EnvMetadata {
    return this.env.metadata ?? {};
  }

  get renderMode(): string | undefined {
    return this.env.renderMode;
  }

  /** The wrapped environment's spec with this wrapper in it. */
  get spec(): EnvSpec | undefined {
    const inner = this.env.spec;
    if (!inner) return undefined;
    if (this.known?.inner !== inner) this.known = { inner, spec: this.extendSpec(inner) };
    return this.known.spec;
  }

  /** The environment below all wrappers. */
  get unwrapped(): AnyEnv {
    return unwrapped(this);
  }

  reset(options?: ResetOptions): ResetResult<Observation> {
    return this.env.reset(options) as unknown as ResetResult<Observation>;
  }

  step(action: Action): StepResult<Observation> {
    return this.env.step(action as unknown as InnerAction) as unknown as StepResult<Observation>;
  }

  render(): RenderResult {
    if (!this.env.render) throw new Error(`${this.toString()} cannot render: the environment has no render()`);
    return this.env.render();
  }

  close(): void {
    this.env.close();
  }

  /** `name` of this wrapper or, where it has none, of the nearest below that has; undefined where none has. */
  getWrapperAttr(name: string): unknown {
    if (name in this) return (this as Record<string, unknown>)[name];
    if (this.env instanceof Wrapper) return this.env.getWrapperAttr(name);
    return (this.env as unknown as Record<string, unknown>)[name];
  }

  /** `<TimeLimit<CartPole<CartPole-v1>>>` */
  toString(): string {
    return envName(this);
  }

  /** What `spec` says beyond the wrapped environment's. */
  protected extendSpec(inner: EnvSpec): EnvSpec {
    const wrapper = this.constructor as typeof Wrapper;
    const named = Object.hasOwn(wrapper, 'entryPoint') ? wrapper.entryPoint : undefined;
    const entryPoint = named ?? (wrapper as unknown as WrapperCreator);
    const spec = { name: wrapper.name, entryPoint, kwargs: this.kwargs };
    return inner.with({ additionalWrappers: [...inner.additionalWrappers, spec] });
  }
}

/** The environment below all wrappers; the environment itself where there are none. */
export function unwrapped(env: AnyEnv): AnyEnv {
  return env instanceof Wrapper ? unwrapped(env.env as AnyEnv) : env;
}

/** An environment's class, and the id that it was made by, within its wrappers. */
export function envName(env: AnyEnv): string {
  const { name } = env.constructor;
  if (env instanceof Wrapper) return `<${name}${envName(env.env as AnyEnv)}>`;
  return env.spec ? `<${name}<${env.spec.id}>>` : `<${name} instance>`;
}
