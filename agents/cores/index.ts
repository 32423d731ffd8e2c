import type { Kernels } from '../kernels/index.ts';
import { UserError } from '../user-error.ts';
import type { Core } from './core.ts';
import { feedForward } from './feed-forward.ts';
import { gru } from './gru.ts';
import { lstm } from './lstm.ts';
import type { CoreOptions } from './options.ts';
import { rim } from './rim.ts';

export { coreKinds, type CoreKind, type CoreOptions } from './options.ts';

/** @throws UserError where options contradict each other */
export function createCore(options: CoreOptions, kernels: Kernels, inputSize: number): Core {
  switch (options.kind) {
    case 'rim':
      if (options.active > options.modules)
        throw new UserError(
          `${options.active} active modules of ${options.modules}: --active must not exceed --modules`,
        );
      return rim(kernels, inputSize, options);
    case 'lstm':
      return lstm(kernels, inputSize, options.units);
    case 'gru':
      return gru(kernels, inputSize, options.units);
    case 'ff':
      return feedForward(inputSize);
  }
}
