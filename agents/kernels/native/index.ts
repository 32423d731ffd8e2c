import { tensorFlow } from '../backend.ts';
import type { Kernels, Precision } from '../kernels.ts';
import { portableKernels } from '../portable/index.ts';
import { clipAdam } from './adam.ts';
import { denseRelu } from './dense.ts';
import { join, split } from './flat.ts';
import { heads } from './heads.ts';
import { natureConv } from './nature-cnn.ts';
import { uint8Tensor } from './operations.ts';
import { ppoLoss } from './ppo-loss.ts';
import { gruSequence, lstmSequence } from './recurrent.ts';
import { rimSequence } from './rim.ts';

/** The operations as TensorFlow's own and as ours in C++ (native/*.cc). */
export function nativeKernels(precision: Precision): Kernels {
  return { ...besideGpu(precision), heads, ppoLoss, split, join, clipAdam };
}

/**
 * Where TensorFlow computes on a GPU. Our own operations exist for the processor alone, and TensorFlow copies what they
 * take and give: that pays for the recurrent core. All else is operations of TensorFlow's own, which run on the GPU.
 */
export const kernelsBesideGpu = besideGpu('float32');

function besideGpu(precision: Precision): Kernels {
  return {
    ...portableKernels,
    name: 'native',
    precision,
    rimSequence: (...inputs) => rimSequence(precision, ...inputs),
    lstmSequence: (...inputs) => lstmSequence(precision, ...inputs),
    gruSequence: (...inputs) => gruSequence(precision, ...inputs),
    denseRelu: (...inputs) => denseRelu(precision, ...inputs),
    natureConv: (...inputs) => natureConv(precision, ...inputs),
    uint8Tensor,
  };
}

/**
 * The instruction set our operations use on this processor, such as `avx512bf16`.
 * Undefined where TensorFlow's binding was built without them.
 */
export function instructionSet(): string | undefined {
  try {
    const name = tensorFlow().executeSingleOutput('RimAgentsInstructionSet', [], []);
    const [text] = name.dataSync<'string'>() as unknown as Uint8Array[] | string[];
    name.dispose();
    return typeof text === 'string' ? text : new TextDecoder().decode(text);
  } catch {
    return undefined;
  }
}
