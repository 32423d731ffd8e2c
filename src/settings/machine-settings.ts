import { z } from 'zod';
import { UserError } from '../errors.ts';
import { setting } from './setting.ts';

const largestSeed = 2 ** 31 - 1;

/**
 * The seeds from the first one on. @throws UserError if the last is too large
 */
export function seedsFrom(first: number, count: number): number[] {
  const last = first + count - 1;
  if (last > largestSeed)
    throw new UserError(
      `--seed ${first} --seeds ${count}: the last seed, ${last}, is too large; take a smaller --seed`,
    );
  return Array.from({ length: count }, (_, i) => first + i);
}

/** What a command says of its own where the machine comes in. */
interface MachineTexts {
  /** Of portable kernels, how slow they are. */
  readonly portable: string;
  /** Which products `precision` is of. */
  readonly products: string;
  /** What a GPU computes. */
  readonly onGpu: string;
}

/** The seed and on what a run is computed: settings of whatever trains, to be spread into its table. */
export function machineSettings({ portable, products, onGpu }: MachineTexts) {
  const group = 'run';
  return {
    seed: setting(z.number().int().min(0).max(largestSeed).default(1), {
      group,
      text: 'decides every random number of the run',
    }),
    threads: setting(z.number().int().min(1).max(256).optional(), {
      group,
      text: 'threads of TensorFlow (as many as cores)',
    }),
    kernels: setting(z.enum(['auto', 'native', 'portable']).default('auto'), {
      group,
      text: `native: our TensorFlow operations; portable: plain tfjs, ${portable}; auto: native where built`,
    }),
    precision: setting(z.enum(['float32', 'bf16']).default('float32'), {
      group,
      text: `of ${products}; bf16: factors rounded to bfloat16, sums float32; needs native kernels`,
    }),
    device: setting(z.enum(['cpu', 'gpu']).default('cpu'), {
      group,
      text: `gpu: ${onGpu} on an NVIDIA GPU (never tested on one)`,
    }),
  };
}
