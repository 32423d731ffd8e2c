/**
 * An error the user can mend: a mistyped flag, a full disk, a damaged file. Its message is one line that names what was
 * wrong, the value, and the mend. Commands print it without a stack and exit with code 2 (see cli/main.ts).
 * Rooms that may not import this file throw their own: agents and envs one of the same name, ale-wasm its AleError.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
}

const names = ['UserError', 'AleError'];

/** Whether an error, of whatever class, is one the user can mend: the sign is its name. */
export function isUserError(error: unknown): error is Error {
  return error instanceof Error && names.includes(error.name);
}
