// SPDX-License-Identifier: GPL-2.0-only
// What every argument goes through before it reaches ALE, which would answer a wrong one by ending the program.
import { actionNames } from './actions.ts';
import { AleError } from './error.ts';

/** How a value is shown in an error: short, and on one line. */
export function shown(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean' || value === null || value === undefined) {
    return String(value);
  }
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 40));
  return `of type ${typeof value}`;
}

export function checkInteger(name: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new AleError(`${name} ${shown(value)}; it is an integer from ${least} to ${most}`);
}

export function checkReal(name: string, value: number, least: number, most: number): number {
  if (typeof value === 'number' && value >= least && value <= most) return value;
  throw new AleError(`${name} ${shown(value)}; it is a number from ${least} to ${most}`);
}

export function checkFlag(name: string, value: boolean): boolean {
  if (typeof value === 'boolean') return value;
  throw new AleError(`${name} ${shown(value)}; it is true or false`);
}

export function checkBytes(name: string, value: Uint8Array): Uint8Array {
  if (value instanceof Uint8Array) return value;
  throw new AleError(`${name} ${shown(value)}; it is a Uint8Array`);
}

/** @param value an object, for what it should be */
export function checkObject<T extends object>(name: string, value: T): T {
  if (typeof value === 'object' && value !== null) return value;
  throw new AleError(`${name} ${shown(value)}; it is an object`);
}

export function checkAction(action: number): number {
  return checkInteger('action', action, 0, actionNames.length - 1);
}

export function checkOneOf(name: string, value: number, allowed: number[], game: string | undefined): number {
  if (allowed.includes(value)) return value;
  throw new AleError(`${name} ${shown(value)}; ${game} has ${allowed.join(', ')}`);
}
