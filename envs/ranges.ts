import { UserError } from './user-error.ts';

/** @throws UserError unless `value` is a whole number from `least` to `most` */
export function requireWhole(name: string, value: number, least: number, most: number): void {
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new UserError(`${name} ${value} is out of range; give a whole number from ${least} to ${most}`);
  }
}
