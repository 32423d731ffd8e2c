import type { Kernels } from '../kernels.ts';
import {
  checkClipAdam,
  checkDense,
  checkGru,
  checkHeads,
  checkLstm,
  checkNatureConv,
  checkPpoLoss,
  checkRim,
  checkSplit,
} from '../shapes.ts';
import { clipAdam } from './adam.ts';
import { join, split } from './flat.ts';
import { heads } from './heads.ts';
import { denseRelu, natureConv, uint8Tensor } from './nature-cnn.ts';
import { ppoLoss } from './ppo-loss.ts';
import { gruSequence, lstmSequence } from './recurrent.ts';
import { rimSequence } from './rim.ts';

/** The operations in plain tfjs: what the native ones are compared with, and what runs on any backend of tfjs. */
export const portableKernels: Kernels = {
  name: 'portable',
  precision: 'float32',
  rimSequence: checked(checkRim, rimSequence),
  lstmSequence: checked(checkLstm, lstmSequence),
  gruSequence: checked(checkGru, gruSequence),
  denseRelu: checked(checkDense, denseRelu),
  natureConv: checked(checkNatureConv, natureConv),
  heads: checked(checkHeads, heads),
  uint8Tensor,
  ppoLoss: checked(checkPpoLoss, ppoLoss),
  split: checked(checkSplit, split),
  join,
  clipAdam: checked(checkClipAdam, clipAdam),
};

function checked<Inputs extends unknown[], Result>(
  check: (...inputs: Inputs) => void,
  operation: (...inputs: Inputs) => Result,
): (...inputs: Inputs) => Result {
  return (...inputs) => {
    check(...inputs);
    return operation(...inputs);
  };
}
