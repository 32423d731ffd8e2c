import type { Kernels } from '../kernels.ts';
import { checkRim } from '../shapes.ts';
import { clipAdam } from './adam.ts';
import { denseRelu, natureConv, uint8Tensor } from './nature-cnn.ts';
import { gruSequence, lstmSequence } from './recurrent.ts';
import { rimSequence } from './rim.ts';

/** The operations in plain tfjs: the truth that the native ones are compared with, and what runs on any backend of tfjs. */
export const portableKernels: Kernels = {
  name: 'portable',
  rimSequence(...inputs) {
    checkRim(...inputs);
    return rimSequence(...inputs);
  },
  lstmSequence,
  gruSequence,
  denseRelu,
  natureConv,
  uint8Tensor,
  clipAdam,
};
