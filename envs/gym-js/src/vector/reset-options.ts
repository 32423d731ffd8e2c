import type { Info } from '../env.ts';
import type { VectorResetOptions } from '../vector-env.ts';

export interface EachReset {
  /** (numEnvs) */
  seeds: (number | undefined)[];
  /** For the environments: without `resetMask`. */
  options: Info | undefined;
  /** (numEnvs); undefined to reset all. */
  mask: boolean[] | undefined;
}

/**
 * What each environment's reset gets: from one seed environment i gets seed + i. Throws RangeError where seeds or the
 * mask are not one per environment, or the mask marks none.
 */
export function eachReset({ seed, options }: VectorResetOptions, numEnvs: number): EachReset {
  const seeds = Array.from({ length: numEnvs }, (_, i) => (typeof seed === 'number' ? seed + i : seed?.[i]));
  if (typeof seed === 'object' && seed.length !== numEnvs) {
    throw new RangeError(`reset: ${seed.length} seeds for ${numEnvs} environments; give one seed, or one each`);
  }
  if (options?.resetMask === undefined) return { seeds, options, mask: undefined };
  const { resetMask, ...others } = options;
  const mask = Array.from(resetMask as ArrayLike<number | boolean>, Boolean);
  if (mask.length !== numEnvs || !mask.includes(true)) {
    throw new RangeError(
      `reset: resetMask [${mask.map(Number).join(', ')}] does not mark any of ${numEnvs} environments`,
    );
  }
  return { seeds, options: others, mask };
}
