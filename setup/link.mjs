// @ts-check
import { mkdirSync, readlinkSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { dirname } from 'node:path';

/** What is wrong with a product that is whole but not linked into the clone: nothing must be made. */
export const notInPlace = 'is not in place';

/** @param {string | undefined} problem @returns {boolean} whether it takes more than putting a link in place */
export const mustBeMade = (problem) => problem !== undefined && problem !== notInPlace;

/** @param {string} path @returns {string | undefined} where the symbolic link points; undefined if it is none */
export function linkTarget(path) {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

/**
 * Makes `path` a symbolic link to `target`; whatever stood there is replaced.
 * @param {string} path
 * @param {string} target absolute
 */
export function placeLink(path, target) {
  if (linkTarget(path) === target) return;
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}`;
  rmSync(temporary, { force: true });
  symlinkSync(target, temporary);
  // A link replaces a file or a link in one step; only a folder must go before.
  if (linkTarget(path) === undefined) rmSync(path, { recursive: true, force: true });
  renameSync(temporary, path);
}
