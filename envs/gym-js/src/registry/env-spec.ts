import type { AnyEnv } from '../env.ts';
import { GymError } from '../errors.ts';
import type { AnyVectorEnv } from '../vector-env.ts';
import { parseEnvId } from './env-id.ts';
import type { WrapperSpec } from './wrapper-spec.ts';

/** What an environment is made from, beside its name. */
export type EnvKwargs = Record<string, unknown>;

/** A class of environments whose constructor takes the arguments as one object, or a function of them. */
type Creator<T> = (new (kwargs: never) => T) | ((kwargs: never) => T | Promise<T>);

/** A creator, or where one is exported: `module:export`, the module as `import()` takes it (a package or a URL). */
export type EntryPoint<T> = string | Creator<T>;

export interface EnvSpecOptions {
  id: string;
  entryPoint?: EntryPoint<AnyEnv> | undefined;
  vectorEntryPoint?: EntryPoint<AnyVectorEnv> | undefined;
  /** Mean return from which the task counts as solved. */
  rewardThreshold?: number | undefined;
  /** The same seed and actions need not give the same episode; default false. */
  nondeterministic?: boolean;
  /** Steps after which `make` truncates an episode; default: never. */
  maxEpisodeSteps?: number | undefined;
  /** `make` refuses a step before the first reset; default true. */
  orderEnforce?: boolean;
  /** `make` leaves PassiveEnvChecker out; default false. */
  disableEnvChecker?: boolean;
  kwargs?: EnvKwargs;
  /** Wrappers that `make` puts around all others, innermost first. */
  additionalWrappers?: readonly WrapperSpec[];
}

/** How an environment is made (gymnasium.envs.registration.EnvSpec). `make(spec)` makes it. */
export class EnvSpec {
  readonly id: string;
  readonly namespace: string | undefined;
  readonly name: string;
  readonly version: number | undefined;
  readonly entryPoint: EntryPoint<AnyEnv> | undefined;
  readonly vectorEntryPoint: EntryPoint<AnyVectorEnv> | undefined;
  readonly rewardThreshold: number | undefined;
  readonly nondeterministic: boolean;
  readonly maxEpisodeSteps: number | undefined;
  readonly orderEnforce: boolean;
  readonly disableEnvChecker: boolean;
  readonly kwargs: EnvKwargs;
  readonly additionalWrappers: readonly WrapperSpec[];

  /** Throws GymError for a malformed id. */
  constructor(options: EnvSpecOptions) {
    const { namespace, name, version } = parseEnvId(options.id);
    this.id = options.id;
    this.namespace = namespace;
    this.name = name;
    this.version = version;
    this.entryPoint = options.entryPoint;
    this.vectorEntryPoint = options.vectorEntryPoint;
    this.rewardThreshold = options.rewardThreshold;
    this.nondeterministic = options.nondeterministic ?? false;
    this.maxEpisodeSteps = options.maxEpisodeSteps;
    this.orderEnforce = options.orderEnforce ?? true;
    this.disableEnvChecker = options.disableEnvChecker ?? false;
    this.kwargs = { ...options.kwargs };
    this.additionalWrappers = [...(options.additionalWrappers ?? [])];
  }

  /** This spec with some of it replaced. */
  with(changes: Partial<EnvSpecOptions>): EnvSpec {
    return new EnvSpec({ ...this, ...changes });
  }

  /**
   * As text from which `fromJson` makes an equal spec. Throws GymError where a part is a function or anything else that
   * JSON does not keep.
   */
  toJson(): string {
    const { namespace: _namespace, name: _name, version: _version, ...kept } = this;
    return JSON.stringify(kept, (key, value: unknown) => {
      if (isJson(value)) return value;
      throw new GymError(
        `${this.id}: "${key}" is ${describe(value)}, which JSON does not keep; name an export instead`,
      );
    });
  }

  /** Throws GymError for text that is not a spec. */
  static fromJson(json: string): EnvSpec {
    let parsed: unknown;
    try {
      parsed = JSON.parse(json);
    } catch (error) {
      throw new GymError(`not the JSON of an environment's spec: ${(error as Error).message}`, { cause: error });
    }
    if (typeof parsed !== 'object' || parsed === null || typeof (parsed as EnvSpecOptions).id !== 'string') {
      throw new GymError(`not the JSON of an environment's spec, it has no "id": ${json.slice(0, 60)}`);
    }
    return new EnvSpec(parsed as EnvSpecOptions);
  }

  /** One `name=value` a line; what has its default value is left out. */
  toString(): string {
    const lines = [`id=${this.id}`];
    if (this.rewardThreshold !== undefined) lines.push(`rewardThreshold=${this.rewardThreshold}`);
    if (this.nondeterministic) lines.push('nondeterministic=true');
    if (this.maxEpisodeSteps !== undefined) lines.push(`maxEpisodeSteps=${this.maxEpisodeSteps}`);
    if (!this.orderEnforce) lines.push('orderEnforce=false');
    if (this.disableEnvChecker) lines.push('disableEnvChecker=true');
    if (Object.keys(this.kwargs).length > 0) lines.push(`kwargs=${JSON.stringify(this.kwargs)}`);
    for (const { name, kwargs } of this.additionalWrappers) {
      lines.push(`additionalWrapper=${name} ${JSON.stringify(kwargs ?? null)}`);
    }
    return lines.join('\n');
  }
}

function isJson(value: unknown): boolean {
  if (value === null || value === undefined) return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object') return typeof value === 'string' || typeof value === 'boolean';
  const prototype: unknown = Object.getPrototypeOf(value);
  return Array.isArray(value) || prototype === Object.prototype || prototype === null;
}

function describe(value: unknown): string {
  if (typeof value === 'function') return `the function ${value.name || 'without a name'}`;
  return typeof value === 'object' && value !== null
    ? `a ${value.constructor.name}`
    : `the ${typeof value} ${String(value)}`;
}
