import { letters, suggestion } from './nearest-names.ts';
import { UserError } from './user-error.ts';

/*
 * What options may be. Each function throws a UserError of one line, with the option's name and value and the mend,
 * for a value that is not allowed; also for one of another type, since JavaScript has no types to stop it.
 */

/** A whole number from `least` to `most`. */
export function requireWhole(name: string, value: number, least: number, most: number): void {
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new UserError(`${name} ${shown(value)} is out of range; give a whole number from ${least} to ${most}`);
  }
}

/** A number, neither NaN nor infinite. */
export function requireFinite(name: string, value: number): void {
  if (!Number.isFinite(value)) throw new UserError(`${name} ${shown(value)} is not a finite number; give one`);
}

/** A number from `least` to `most`. */
export function requireNumber(name: string, value: number, least: number, most: number): void {
  if (!Number.isFinite(value) || value < least || value > most) {
    throw new UserError(`${name} ${shown(value)} is out of range; give a number from ${least} to ${most}`);
  }
}

/** A number from 0 to 1. */
export function requireProbability(name: string, value: number): void {
  if (!Number.isFinite(value) || value < 0 || value > 1) {
    throw new UserError(`${name} ${shown(value)} is out of range; give a probability, 0 to 1`);
  }
}

export function requireFlag(name: string, value: boolean): void {
  if (typeof value !== 'boolean') throw new UserError(`${name} ${shown(value)} is no switch; give true or false`);
}

export function requireOneOf(name: string, value: unknown, allowed: readonly unknown[]): void {
  if (!allowed.includes(value)) {
    const choices = allowed.filter((choice) => choice !== undefined).map(shown);
    throw new UserError(`${name} ${shown(value)} is unknown; give ${choices.join(' or ')}`);
  }
}

/** Nothing but options called `names`; `what` is made of them. Python's names get the mend that they need. */
export function requireKnown(what: string, given: object, names: readonly string[]): void {
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (unknown === undefined) return;
  const same = names.find((name) => letters(name) === letters(unknown));
  const mend = same ? `did you mean "${same}"?` : suggestion(unknown, names, `there are ${names.join(', ')}`);
  throw new UserError(`unknown option ${unknown} of ${what}; ${mend}`);
}

/** How a value is shown in an error: short, and on one line. */
function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 60));
  if (Array.isArray(value)) return `[${value.slice(0, 4).map(String).join(', ')}]`;
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}
