import * as tf from '@tensorflow/tfjs';
import { UserError } from '../user-error.ts';
import { tensorFlow } from './backend.ts';
import type { Kernels, Precision } from './kernels.ts';
import { instructionSet, kernelsBesideGpu, nativeKernels } from './native/index.ts';
import { portableKernels } from './portable/index.ts';

export type { Kernels, LinearParameters, RimDropout, RimParameters, RimSpec } from './kernels.ts';

/**
 * The operations to learn and act with. TensorFlow must be loaded.
 * @param choice `auto`: native where built, else portable
 * @throws UserError if native operations are asked for, or needed for the precision, and not built, or for a precision
 *   that a GPU is not given; or for an instruction set that there is not
 */
export function selectKernels(choice: 'auto' | 'native' | 'portable', precision: Precision = 'float32'): Kernels {
  const set = instructionSet();
  const wanted = process.env.RIM_AGENTS_INSTRUCTION_SET;
  if (wanted && set && wanted !== set)
    throw new UserError(
      `RIM_AGENTS_INSTRUCTION_SET=${wanted}: this processor and this build have no such set, ${set} is the widest; ` +
        'take baseline, avx2, avx512 or avx512bf16, up to that one, or leave it out',
    );
  if (choice !== 'portable' && set) {
    if (!tensorFlow().isUsingGpuDevice) return nativeKernels(precision);
    if (precision === 'float32') return kernelsBesideGpu;
    throw new UserError(`--precision ${precision} is for the processor: take --device cpu, or --precision float32`);
  }
  if (choice === 'native')
    throw new UserError(
      "native kernels were asked for, but TensorFlow's binding was built without them; run npm run doctor",
    );
  if (precision === 'float32') return portableKernels;
  const mend = choice === 'portable' ? 'leave out --kernels portable' : 'npm run doctor says which are built';
  throw new UserError(`--precision ${precision} needs native kernels: ${mend}, or take --precision float32`);
}

/**
 * What computes, for the record, such as `native (avx512bf16), bf16 products`: results differ in the last bits from one
 * to another, and more between precisions.
 */
export function describeKernels({ name, precision }: Kernels): string {
  if (tf.getBackend() !== 'tensorflow') return `${name}, tfjs ${tf.getBackend()}`;
  const device = tensorFlow().isUsingGpuDevice ? ', GPU' : '';
  if (name === 'portable') return `${name}${device}`;
  return `native (${instructionSet()}${device})${precision === 'bf16' ? ', bf16 products' : ''}`;
}
