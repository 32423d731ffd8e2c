import { GymError } from '../errors.ts';
import { importModule } from './registry.ts';

/**
 * Calls what an entry point names: a class with `new`, a function as it is, `module:export` after the import. Throws
 * GymError where the module or the export is not there.
 * @param id whose entry point it is, for the error
 */
export async function callEntryPoint(id: string, entryPoint: unknown, ...args: unknown[]): Promise<unknown> {
  const creator = await loadEntryPoint(id, entryPoint);
  if (isClass(creator)) return new creator(...args);
  return creator(...args);
}

type Class = new (...args: unknown[]) => unknown;
type Callable = (...args: unknown[]) => unknown;

/** Throws as `callEntryPoint` does. */
export async function loadEntryPoint(id: string, entryPoint: unknown): Promise<Class | Callable> {
  if (typeof entryPoint === 'function') return entryPoint as Class | Callable;
  if (typeof entryPoint !== 'string') throw new GymError(`${id} has no entry point for this`);
  const colon = entryPoint.lastIndexOf(':');
  const name = entryPoint.slice(colon + 1);
  if (colon <= 0 || name === '') {
    throw new GymError(`${id}: entry point "${entryPoint}" is not of the form module:export`);
  }
  const found = (await importModule(entryPoint.slice(0, colon)))[name];
  if (typeof found !== 'function') {
    throw new GymError(`${id}: "${entryPoint.slice(0, colon)}" exports no class or function "${name}"`);
  }
  return found as Class | Callable;
}

/** Only a class's `prototype` cannot be assigned to; other functions have one that can, or none. */
function isClass(creator: Class | Callable): creator is Class {
  return Object.getOwnPropertyDescriptor(creator, 'prototype')?.writable === false;
}
