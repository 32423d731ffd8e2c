import type { Core } from './core.ts';

/**
 * No memory and no parameters: the features pass through. With it the network is the usual feed-forward actor-critic.
 */
export function feedForward(inputSize: number): Core {
  return {
    parameters: [],
    outputSize: inputSize,
    stateWidths: [],
    sequence: (_parameters, x) => ({ output: x, states: [] }),
  };
}
