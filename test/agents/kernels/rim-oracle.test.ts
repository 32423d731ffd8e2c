import assert from 'node:assert/strict';
import { before, describe, mock, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { loadTensorFlow, tensorFlow } from '../../../agents/kernels/backend.ts';
import { type Kernels, type RimParameters, selectKernels } from '../../../agents/kernels/index.ts';
import * as cases from './cases.ts';
import { assertClose, type BrimOracle, evaluateRim, oracleTensors, type Tensors } from './cases.ts';

for (const choice of ['portable', 'native'] as const) {
  describe(`a RIM layer of the ${choice} kernels`, () => {
    before(() => loadTensorFlow());
    for (const oracle of cases.oracleCases)
      test(`equals the oracle: ${oracle.name}`, () => {
        const execute = mock.method(tensorFlow(), 'executeMultipleOutputs');
        const { loss, outputs, grads } = evaluateRim(selectKernels(choice), oracle.config, oracleTensors(oracle));
        const operations = execute.mock.calls.map((call) => call.arguments[0]);
        execute.mock.restore();
        const isOwn = operations.includes('RimAgentsRim') && operations.includes('RimAgentsRimGradient');
        assert.equal(isOwn, choice === 'native');

        for (const name of ['h', 'c', 'active', 'nullAttention'])
          if (oracle.outputs[name]) assertClose(name, outputs[name] as tf.Tensor, oracle.outputs[name]);
        assertClose('loss', loss, oracle.outputs.loss as number);
        assert.deepEqual(Object.keys(grads).sort(), Object.keys(oracle.grads).sort());
        for (const [name, expected] of Object.entries(oracle.grads))
          assertClose(name, grads[name] as tf.Tensor, expected);
      });

    for (const oracle of cases.brimOracles)
      test(`in layers equals the oracle: ${oracle.name}`, () => {
        const { outputs, loss, grads } = cases.evaluate(brimTensors(oracle), (tensors) =>
          runBrim(selectKernels(choice), oracle, tensors),
        );
        assertClose('lower', outputs.lower as tf.Tensor, oracle.outputs.lower);
        assertClose('top', outputs.top as tf.Tensor, oracle.outputs.top);
        assertClose('loss', loss, oracle.outputs.loss);
        assertClose('x', grads.x as tf.Tensor, oracle.grads.x);
        for (const [layer, parameters] of oracle.grads.params.entries()) {
          assertClose(
            `h0 of layer ${layer}`,
            grads[`${layer}.h0`] as tf.Tensor,
            oracle.grads.h0[layer] as cases.Nested,
          );
          for (const [name, expected] of Object.entries(parameters))
            assertClose(`${name} of layer ${layer}`, grads[`${layer}.${name}`] as tf.Tensor, expected);
        }
      });
  });
}

/** x, and the states and parameters of layer l as `l.h0`, `l.c0`, `l.rnnInput`, ... */
function brimTensors({ params, inputs }: BrimOracle): Tensors {
  const layers = params.flatMap((parameters, l) =>
    Object.entries({ ...parameters, h0: inputs.h0[l], c0: inputs.c0[l] }).map(([name, value]) => [
      `${l}.${name}`,
      tf.tensor(value as number[]),
    ]),
  );
  return { x: tf.tensor(inputs.x as number[]), ...(Object.fromEntries(layers) as Tensors) };
}

/**
 * Bidirectional RIMs (Mittal et al. 2020), one step of one layer after the other. A layer reads the state of the layer
 * below after this step, or x, and that of the layer above after the step before.
 */
function runBrim(kernels: Kernels, { layers, inputs }: BrimOracle, tensors: Tensors) {
  const x = tf.unstack(tensors.x as tf.Tensor3D) as tf.Tensor2D[];
  const weights = layers.map((_, l) => layerParameters(tensors, l));
  let h = layers.map((_, l) => tensors[`${l}.h0`] as tf.Tensor2D);
  let c = layers.map((_, l) => tensors[`${l}.c0`] as tf.Tensor2D);
  const history: tf.Tensor2D[][] = [];
  for (const row of x) {
    const [before, nextC] = [h, [...c]];
    h = [...h];
    for (const [l, spec] of layers.entries()) {
      const below = l === 0 ? row : (h[l - 1] as tf.Tensor2D);
      const elements = [below, ...before.slice(l + 1, l + 2)].map((one) => tf.expandDims<tf.Tensor3D>(one, 0));
      const keep: tf.Tensor2D = tf.ones([1, row.shape[0]]);
      const [h0, c0] = [h[l] as tf.Tensor2D, nextC[l] as tf.Tensor2D];
      const stepped = kernels.rimSequence(spec, weights[l] as RimParameters, elements, h0, c0, keep);
      h[l] = tf.squeeze(stepped.h, [0]);
      nextC[l] = tf.squeeze(stepped.c, [0]);
    }
    c = nextC;
    history.push(h);
  }
  const [lower, top] = [0, layers.length - 1].map((l) => tf.stack(history.map((states) => states[l] as tf.Tensor2D)));
  const lossWeights = tf.tensor(inputs.lossWeights as number[]);
  return { outputs: { lower, top } as Tensors, loss: tf.sum(tf.mul(top as tf.Tensor, lossWeights)) };
}

function layerParameters(tensors: Tensors, layer: number): RimParameters {
  const own = Object.entries(tensors).filter(([name]) => name.startsWith(`${layer}.`));
  return Object.fromEntries(own.map(([name, tensor]) => [name.slice(2), tensor])) as unknown as RimParameters;
}
