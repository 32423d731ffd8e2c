import { totalmem } from 'node:os';
import { UserError } from '../errors.ts';

/** @throws UserError if parameters, gradients and Adam's two moments are more than this machine has memory for */
export function checkMemory(parameters: number): void {
  const needed = 4 * 4 * parameters;
  const there = Math.min(totalmem(), process.constrainedMemory() || Infinity);
  if (needed <= there) return;
  const gib = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
  throw new UserError(
    `${parameters.toLocaleString('en')} parameters, with gradients and Adam's moments, need ${gib(needed)}, more ` +
      `than the ${gib(there)} that this machine has; make the network smaller`,
  );
}
