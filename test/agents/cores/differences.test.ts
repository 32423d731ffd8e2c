// Gradients against finite differences, on the portable kernels: on small cells, along random directions.
import { before, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import type { CoreOptions } from '../../../agents/cores/options.ts';
import type { RimOptions } from '../../../agents/cores/options.ts';
import { loadTensorFlow } from '../../../agents/kernels/backend.ts';
import { selectKernels } from '../../../agents/kernels/index.ts';
import type { Tensors } from '../kernels/cases.ts';
import { checkDirections } from '../kernels/directions.ts';
import { brims, coreOf, coreTensors, layer, rims, runCore, variants } from './variants.ts';

before(() => loadTensorFlow());

/*
 * A gradient is blocked where active modules read inactive ones, so differences can only equal it where all modules are
 * active, or where none reads another. What is blocked is tested in modules.test.ts and against the oracles.
 */
const allActive = (layer: RimOptions): RimOptions => ({ ...layer, active: layer.modules });
const differentiable: Record<string, CoreOptions> = {
  lstm: variants.lstm as CoreOptions,
  gru: variants.gru as CoreOptions,
  'rim of which 2 of 4 are active, without communication': {
    kind: 'rim',
    ...layer(4, 3, 2, { communication: false, inputHeads: 2, inputElements: 2 }),
  },
  'brim of which some are active, without communication': {
    kind: 'brim',
    layers: [layer(4, 3, 2, { communication: false }), layer(3, 3, 2, { communication: false, rnn: 'gru' })],
  },
};
for (const [name, options] of Object.entries({ ...rims, ...brims })) {
  if (options.kind === 'rim') differentiable[`${name}, all active`] = { ...options, ...allActive(options) };
  if (options.kind === 'brim')
    differentiable[`${name}, all active`] = { ...options, layers: options.layers.map(allActive) };
}

/*
 * The differences' own error grows with the square of the length, and gates have large third derivatives: at 0.03 they
 * are up to 2 % off, at 0.01 a ninth of that. The rounding of some hundred terms, 1e-7 each, still is below 1e-3 of
 * the length.
 */
const length = 0.01;

for (const [name, options] of Object.entries(differentiable))
  test(`gradients equal finite differences: ${name}`, () => {
    tf.tidy(() => {
      const core = coreOf(options, selectKernels('portable'));
      const terms = (given: Tensors): tf.Tensor => {
        const { output, states } = runCore(core, given);
        return tf.concat([
          tf.mul(output, given.lossWeights as tf.Tensor).flatten(),
          ...states.map((state) => tf.square(state).flatten()),
        ]);
      };
      checkDirections(coreTensors(core, 4, 2), terms, length);
    });
  });
