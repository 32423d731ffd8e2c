import type { Kernels } from '../kernels/kernels.ts';
import { portableKernels } from '../kernels/portable/index.ts';

let chosen: Kernels = portableKernels;

/** What the layers compute with. */
export function layerKernels(): Kernels {
  return chosen;
}

/**
 * Lets all layers that are built from now on compute with other kernels than the portable ones, which run on any
 * backend of tfjs: with native ones, where TensorFlow is loaded.
 */
export function useKernels(kernels: Kernels): void {
  chosen = kernels;
}
