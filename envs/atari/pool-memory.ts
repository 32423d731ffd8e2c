import { gib, memoryBytes } from '../memory-bytes.ts';
import { UserError } from '../user-error.ts';
import { allocatePool, type PoolSize } from './shared-memory.ts';

/**
 * Memory for a pool. `what` names what takes the room, such as `frames of 8 envs over 128 steps`, `mend` what to do.
 * @throws UserError where the observations do not fit this machine, or one array
 */
export function poolMemory(size: PoolSize, what: string, mend: string): SharedArrayBuffer {
  const bytes = size.count * size.rows * size.observationBytes;
  const refuse = (why: string): never => {
    throw new UserError(`${what} need ${gib(bytes)}, ${why}; ${mend}`);
  };
  // Asked first, because some systems promise any amount and kill whoever uses it.
  if (bytes > memoryBytes()) refuse(`more than the ${gib(memoryBytes())} that this machine has`);
  try {
    return allocatePool(size);
  } catch {
    return refuse('more than one array can have here');
  }
}
