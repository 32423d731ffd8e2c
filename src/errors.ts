/**
 * An error the user can mend: a mistyped flag, a full disk, a damaged file. Its message is one line that names what was
 * wrong, the value, and the mend. Commands print it without a stack and exit with code 2 (see cli/main.ts).
 * Rooms that may not import this file (agents, envs) throw their own class of the same name; `isUserError` knows both.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
}

/** Whether an error, of whatever class, is one the user can mend: the sign is its name. */
export function isUserError(error: unknown): error is Error {
  return error instanceof Error && error.name === 'UserError';
}
