import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import util from 'node:util';
import * as tf from '@tensorflow/tfjs';
import { UserError } from '../user-error.ts';

/**
 * An attribute of a TensorFlow operation, as tfjs-node's binding takes it.
 * Each distinct value makes TensorFlow build the operation anew.
 */
export interface Attribute {
  readonly name: string;
  readonly type: number;
  readonly value: number | boolean | string | readonly number[];
}

/** The part of tfjs-node's binding that we use: numbers that name types, and tensors by number. */
interface Binding {
  readonly TF_Version: string;
  readonly TF_FLOAT: number;
  readonly TF_UINT8: number;
  readonly TF_ATTR_INT: number;
  readonly TF_ATTR_BOOL: number;
  readonly TF_ATTR_STRING: number;
  readonly TF_ATTR_TYPE: number;
  createTensor(shape: readonly number[], dtype: number, data: ArrayBufferView): number;
}

/** The part of tfjs-node's backend that we use; its own type declarations leave these out or call them `any`. */
export interface TensorFlow {
  readonly binding: Binding;
  readonly isUsingGpuDevice: boolean;
  executeSingleOutput(name: string, attributes: readonly Attribute[], inputs: readonly tf.Tensor[]): tf.Tensor;
  executeMultipleOutputs(
    name: string,
    attributes: readonly Attribute[],
    inputs: readonly tf.Tensor[],
    outputs: number,
  ): tf.Tensor[];
  createOutputTensor(made: { id: number; shape: readonly number[]; dtype: number }): tf.Tensor;
}

/** Where the set-up puts the binding inside the tfjs-node package: Node-API level 8. */
const bindingFile = 'lib/napi-v8/tfjs_binding.node';
const mend = 'run npm run doctor';

/** Of TensorFlow and CUDA: the same bits in every run, real float32 products, and no more memory than is needed. */
const gpuSettings = {
  TF_DETERMINISTIC_OPS: '1',
  NVIDIA_TF32_OVERRIDE: '0',
  TF_FORCE_GPU_ALLOW_GROWTH: 'true',
};

/** Threads that an operation may use; undefined before TensorFlow is loaded. */
let threadsInUse: number | undefined;

/** What computes: the processor alone, or an NVIDIA GPU for all that TensorFlow itself can do there. */
export type Device = 'cpu' | 'gpu';

/**
 * Loads TensorFlow into this process and makes it the backend of tfjs. Later calls do nothing.
 * Main thread only: a second thread cannot load it.
 * @param options.threads threads one operation may use, all cores if not given; TensorFlow's results depend on it in
 *   the last bits
 * @param options.device `cpu` (default) hides GPUs, so that results are the same on a machine that has one
 * @throws UserError if the binding or TensorFlow's libraries are missing or do not load, or TensorFlow sees no GPU
 */
export async function loadTensorFlow(
  options: { readonly threads?: number | undefined; readonly device?: Device } = {},
): Promise<void> {
  if (!tf.findBackend('tensorflow')) await load(options);
  if (options.device === 'gpu' && !tensorFlow().isUsingGpuDevice)
    throw new UserError(
      '--device gpu: TensorFlow sees no GPU (npm run doctor tells whether there is an NVIDIA driver, and whether ' +
        'TensorFlow is its CUDA build); leave --device out to compute on the processor',
    );
}

async function load({ threads, device = 'cpu' }: { threads?: number | undefined; device?: Device }): Promise<void> {
  const packageFile = createRequire(import.meta.url).resolve('@tensorflow/tfjs-node-gpu/package.json');
  if (!existsSync(join(dirname(packageFile), bindingFile)))
    throw new UserError(`TensorFlow's binding is not built; ${mend}`);
  if (device === 'cpu') process.env.CUDA_VISIBLE_DEVICES = '-1';
  else Object.assign(process.env, gpuSettings);
  if (threads !== undefined) {
    process.env.TF_NUM_INTRAOP_THREADS = String(threads);
    process.env.TF_NUM_INTEROP_THREADS = '1'; // operations run one after the other anyway
  }
  threadsInUse = threads ?? availableParallelism();
  restoreIsNullOrUndefined();
  try {
    await import('@tensorflow/tfjs-node-gpu');
  } catch (error) {
    const [first] = (error instanceof Error ? error.message : String(error)).split('\n');
    throw new UserError(`TensorFlow does not load (${first}); ${mend}`, { cause: error });
  }
}

/** Threads that an operation may use since TensorFlow was loaded into this process; undefined if it is not. */
export function tensorFlowThreads(): number | undefined {
  return threadsInUse;
}

/** TensorFlow behind tfjs. @throws Error if {@link loadTensorFlow} was not awaited */
export function tensorFlow(): TensorFlow {
  if (tf.getBackend() !== 'tensorflow')
    throw new Error(`tfjs runs on ${tf.getBackend()}: await loadTensorFlow() first`);
  return tf.backend() as unknown as TensorFlow;
}

/** Version of the TensorFlow that is loaded, such as `2.21.0`. */
export function tensorflowVersion(): string {
  return tensorFlow().binding.TF_Version;
}

/** Attributes of an operation: integers, booleans, strings, lists of integers. */
export function attributes(
  { binding }: TensorFlow,
  values: Readonly<Record<string, number | boolean | string | readonly number[]>>,
): Attribute[] {
  return Object.entries(values).map(([name, value]) => {
    if (typeof value === 'string') return { name, type: binding.TF_ATTR_STRING, value };
    if (typeof value === 'boolean') return { name, type: binding.TF_ATTR_BOOL, value };
    return { name, type: binding.TF_ATTR_INT, value };
  });
}

/** tfjs-node 4.22 calls util.isNullOrUndefined, which warns in Node 22 and is gone in Node 23. */
function restoreIsNullOrUndefined(): void {
  Object.assign(util, { isNullOrUndefined: (value: unknown): boolean => value === null || value === undefined });
}
