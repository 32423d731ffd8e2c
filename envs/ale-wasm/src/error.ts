// SPDX-License-Identifier: GPL-2.0-only

/** What the caller can mend: one line that names what was wrong, its value and the mend. Known by its name. */
export class AleError extends Error {
  override readonly name = 'AleError';
}
