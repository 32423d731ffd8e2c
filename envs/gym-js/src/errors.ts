// The errors of gymnasium.error that a caller may want to tell apart; each says in one line what to do.

/** What all errors of this package's own derive from. */
export class GymError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** `step` or `render` came before the first `reset`. */
export class ResetNeeded extends GymError {}

/** An environment was asked for by an id that nobody registered. */
export class UnregisteredEnv extends GymError {}
export class NamespaceNotFound extends UnregisteredEnv {}
export class NameNotFound extends UnregisteredEnv {}
export class VersionNotFound extends UnregisteredEnv {}

/** The version asked for is older than all that are registered. */
export class DeprecatedEnv extends GymError {}

/** The id to be registered contradicts one that is. */
export class RegistrationError extends GymError {}

/** An optional package is needed and not installed. */
export class DependencyNotInstalled extends GymError {}

/** A vector environment was used after `close`. */
export class ClosedEnvironmentError extends GymError {}

/** `reset` or `step` of a vector environment was called while another such call was under way. */
export class AlreadyPendingCallError extends GymError {}

/** One environment of a vector failed; `env` is its number. */
export class EnvironmentFailed extends GymError {
  readonly env: number;
  readonly reason: string;

  constructor(env: number, reason: string, options?: ErrorOptions) {
    super(`environment ${env}: ${reason}`, options);
    this.env = env;
    this.reason = reason;
  }

  /** The first line of whatever was thrown, which is kept as the cause. */
  static from(env: number, error: unknown): EnvironmentFailed {
    const reason = error instanceof Error ? error.message : String(error);
    return new EnvironmentFailed(env, reason.split('\n')[0] ?? '', { cause: error });
  }
}
