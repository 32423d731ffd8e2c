import { packSaved, unpackSaved } from '../saved-bytes.ts';
import { UserError } from '../user-error.ts';
import { requireSameOptions } from './saved-env.ts';
import type { EnvironmentSetup } from './worker-protocol.ts';

interface SavedPool<State> {
  readonly environments: readonly { readonly game: string; readonly options: object; readonly seed: number }[];
  /** What PoolEnvironment saved, in order. */
  readonly states: readonly Uint8Array[];
  /** What the pool itself has to remember. */
  readonly poolState: State;
}

/** A pool as bytes: what it plays, from which seeds, every environment's state, and what the pool itself remembers. */
export function packPool<State>(
  kind: string,
  environments: readonly EnvironmentSetup[],
  seeds: ArrayLike<number>,
  states: readonly Uint8Array[],
  poolState: State,
): Uint8Array {
  const played = environments.map(({ game, options }, env) => ({ game: game.name, options, seed: seeds[env] ?? 0 }));
  return packSaved(kind, { environments: played, states, poolState } satisfies SavedPool<State>);
}

/**
 * What `packPool` was given, for a pool of the same kind that plays `environments`.
 * @throws UserError, one line, where the bytes are damaged or foreign, or were saved of other games or options
 */
export function unpackPool<State>(
  kind: string,
  bytes: Uint8Array,
  environments: readonly EnvironmentSetup[],
): { seeds: number[]; states: readonly Uint8Array[]; poolState: State } {
  const saved = unpackSaved(kind, bytes) as SavedPool<State>;
  if (saved.environments.length !== environments.length) {
    throw new UserError(
      `${saved.environments.length} environments were saved, this pool has ${environments.length}; open as many`,
    );
  }
  for (const [env, { game, options }] of environments.entries()) {
    const of = saved.environments[env];
    if (of?.game !== game.name) {
      throw new UserError(
        `environment ${env} was saved of ${of?.game}, this one plays ${game.name}; open the same games`,
      );
    }
    requireSameOptions(`environment ${env}`, of.options, options);
  }
  return { seeds: saved.environments.map(({ seed }) => seed), states: saved.states, poolState: saved.poolState };
}
