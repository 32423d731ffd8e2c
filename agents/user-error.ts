/** What the user can mend: one line that names what was wrong, its value and the mend. Known by its name. */
export class UserError extends Error {
  override readonly name = 'UserError';
}
