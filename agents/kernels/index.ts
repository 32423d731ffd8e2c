import { UserError } from '../user-error.ts';
import type { Kernels } from './kernels.ts';
import { instructionSet, nativeKernels } from './native/index.ts';
import { portableKernels } from './portable/index.ts';

export type { Kernels, RimParameters, RimSpec } from './kernels.ts';

/**
 * The operations to learn and act with. TensorFlow must be loaded.
 * @param choice `auto`: native where built, else portable
 * @throws UserError if native operations are asked for and not built
 */
export function selectKernels(choice: 'auto' | 'native' | 'portable'): Kernels {
  if (choice === 'portable') return portableKernels;
  if (instructionSet()) return nativeKernels;
  if (choice === 'auto') return portableKernels;
  throw new UserError(
    "native kernels were asked for, but TensorFlow's binding was built without them; run npm run doctor",
  );
}

/** What computes, for the record, such as `native (avx512)`: results differ in the last bits from one to another. */
export function describeKernels({ name }: Kernels): string {
  return name === 'native' ? `native (${instructionSet()})` : name;
}
