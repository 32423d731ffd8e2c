import { gib, memoryBytes } from '../../envs/memory-bytes.ts';
import { UserError } from '../errors.ts';
import { grouped } from '../text/words.ts';

/** @throws UserError if parameters, gradients and Adam's two moments are more than this machine has memory for */
export function checkMemory(parameters: number): void {
  const needed = 4 * 4 * parameters;
  if (needed <= memoryBytes()) return;
  throw new UserError(
    `${grouped(parameters)} parameters, with gradients and Adam's moments, need ${gib(needed)}, more than the ` +
      `${gib(memoryBytes())} that this machine has; make the network smaller`,
  );
}
