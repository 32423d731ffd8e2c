import { packSaved, unpackSaved } from '../saved-bytes.ts';
import { UserError } from '../user-error.ts';

interface SavedEnv<State> {
  readonly options: object;
  readonly state: State;
}

/** One environment as bytes: what it was made with, and all that decides how it goes on. */
export function packEnv<State>(kind: string, options: object, state: State): Uint8Array {
  return packSaved(kind, { options, state } satisfies SavedEnv<State>);
}

/**
 * The state that `packEnv` was given, for an environment of the same kind that was made with `options`.
 * @throws UserError, one line, where the bytes are damaged or foreign, or were saved with other options
 */
export function unpackEnv<State>(kind: string, options: object, bytes: Uint8Array): State {
  const saved = unpackSaved(kind, bytes) as SavedEnv<State>;
  requireSameOptions(`this ${kind}`, saved.options, options);
  return saved.state;
}

/** @throws UserError that names the first option that differs; `who` was saved with some and has others now */
export function requireSameOptions(who: string, saved: object, options: object): void {
  const [before, now] = [new Map(Object.entries(saved)), new Map(Object.entries(options))];
  for (const name of new Set([...before.keys(), ...now.keys()])) {
    const [was, is] = [JSON.stringify(before.get(name)), JSON.stringify(now.get(name))];
    if (was === is) continue;
    throw new UserError(`${who} was saved with ${name} ${was}, this one has ${is}; open the same options`);
  }
}
