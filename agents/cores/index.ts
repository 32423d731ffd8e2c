import type { Kernels } from '../kernels/index.ts';
import { brim } from './brim.ts';
import type { Core } from './core.ts';
import { feedForward } from './feed-forward.ts';
import { gru } from './gru.ts';
import { lstm } from './lstm.ts';
import { checkCoreOptions, type CoreOptions } from './options.ts';
import { rim } from './rim.ts';

/** @throws UserError where options contradict each other, or do not go with the width of the input */
export function createCore(options: CoreOptions, kernels: Kernels, inputSize: number): Core {
  checkCoreOptions(options);
  switch (options.kind) {
    case 'rim':
      return rim(kernels, inputSize, options);
    case 'brim':
      return brim(kernels, inputSize, options.layers);
    case 'lstm':
      return lstm(kernels, inputSize, options.units);
    case 'gru':
      return gru(kernels, inputSize, options.units);
    case 'ff':
      return feedForward(inputSize);
  }
}
