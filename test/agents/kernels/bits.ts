// Prints the instruction set, and a hash of everything that our own operations compute. Argument: threads.
import { createHash } from 'node:crypto';
import * as tf from '@tensorflow/tfjs';
import { loadTensorFlow } from '../../../agents/kernels/backend.ts';
import { selectKernels } from '../../../agents/kernels/index.ts';
import { instructionSet } from '../../../agents/kernels/native/index.ts';
import { Random } from '../../../agents/random.ts';
import * as cases from './cases.ts';
import { evaluate, randomTensor, type Tensors } from './cases.ts';

await loadTensorFlow({ threads: Number(process.argv[2]) });
const kernels = selectKernels('native');
const hash = createHash('sha256');
const add = (tensors: Record<string, tf.Tensor>): void => {
  for (const tensor of Object.values(tensors)) hash.update(tensor.dataSync() as Float32Array);
};

const narrow = { inputKey: 5, inputValue: 7, commHeads: 2, commKey: 3, commValue: 4 };
const gated = { ...narrow, rnn: 'gru', readInactive: 'candidate', commGate: true, inputHeads: 2 } as const;
const random = new Random(1);
for (const precision of ['float32', 'bf16'] as const) {
  const kernels = selectKernels('native', precision);
  for (const spec of [cases.rimSpec(6, 85, 4), cases.rimSpec(5, 3, 2, narrow), cases.rimSpec(5, 20, 2, gated)]) {
    const rim = cases.evaluateRim(kernels, spec, cases.rimTensors(spec, 30, 3, 510));
    add({ ...rim.outputs, ...rim.grads });
  }
  for (const width of [20, 200]) {
    const spec = cases.rimSpec(5, 20, 3, { inputValue: 60 });
    const rim = cases.evaluateRim(kernels, spec, cases.rimTensors(spec, 9, 33, width));
    add({ ...rim.outputs, ...rim.grads });
  }
  const dropping = cases.withDropout(kernels, { rate: 0.3, seed: 12 });
  for (const variant of [{}, { ...gated, commGate: false, communication: false }]) {
    const spec = cases.rimSpec(5, 20, 2, { ...narrow, ...variant });
    const rim = cases.evaluateRim(dropping, spec, cases.rimTensors(spec, 30, 3, 64));
    add({ ...rim.outputs, ...rim.grads });
  }
  for (const gates of [4, 3] as const) {
    const { keep, lossWeights, c0, ...others } = cases.recurrentTensors(gates, 200, 64, 30, 3);
    const recurrent = evaluate((gates === 4 ? { ...others, c0 } : others) as Tensors, (given) => {
      const all = { ...given, keep } as Tensors;
      const { h } = gates === 4 ? cases.runLstm(kernels, all) : cases.runGru(kernels, all);
      return { outputs: { h }, loss: tf.sum(tf.mul(h, lossWeights as tf.Tensor)) };
    });
    add({ ...recurrent.outputs, ...recurrent.grads });
  }
}

const count = 21;
const frames = kernels.uint8Tensor(
  Uint8Array.from({ length: count * 28224 }, () => random.integer(256)),
  [count, 84, 84, 4],
);
const shapes = { w0: [8, 8, 4, 32], b0: [32], w1: [4, 4, 32, 64], b1: [64], w2: [3, 3, 64, 64], b2: [64] };
const filters = Object.fromEntries(
  Object.entries(shapes).map(([name, shape]) => [name, randomTensor(random, shape, 0.05)]),
);
for (const precision of ['float32', 'bf16'] as const) {
  const cnn = evaluate(filters, (given) => {
    const features = cases.runNatureConv(selectKernels('native', precision), frames, given);
    return { outputs: { features }, loss: tf.sum(tf.square(features)) };
  });
  add({ ...cnn.outputs, ...cnn.grads });
}

const layer = {
  x: randomTensor(random, [37, 500]),
  weights: randomTensor(random, [500, 210], 0.05),
  bias: randomTensor(random, [210]),
};
const dense = evaluate(layer, ({ x, weights, bias }) => {
  const bf16 = selectKernels('native', 'bf16');
  const y = bf16.denseRelu(x as tf.Tensor2D, weights as tf.Tensor2D, bias as tf.Tensor1D);
  return { outputs: { y }, loss: tf.sum(tf.square(y)) };
});
add({ ...dense.outputs, ...dense.grads });

const heads = evaluate(cases.headsTensors(random, 13, 3, 210, 6), (given) => {
  const { logits, values } = cases.runHeads(kernels, given);
  return { outputs: { logits, values }, loss: tf.add(tf.sum(tf.square(logits)), tf.sum(tf.square(values))) };
});
add({ ...heads.outputs, ...heads.grads });

const acted = kernels.denseRelu(
  randomTensor(random, [7, 500]) as tf.Tensor2D,
  layer.weights as tf.Tensor2D,
  layer.bias as tf.Tensor1D,
);
add({ acted });

const vector = (deviation: number): tf.Tensor1D => randomTensor(random, [300_007], deviation) as tf.Tensor1D;
const vectors = { parameters: vector(1), gradients: vector(1), m: vector(1), v: tf.square(vector(1)) as tf.Tensor1D };
const settings = { learningRate: 1e-3, step: 3, maxNorm: 0.5, beta1: 0.9, beta2: 0.999, epsilon: 1e-5 };
add({ ...kernels.clipAdam({ ...vectors, ...settings }) });

const few = (): tf.Tensor1D => randomTensor(random, [257]) as tf.Tensor1D;
const actions = tf.tensor1d(
  Int32Array.from({ length: 257 }, () => random.integer(6)),
  'int32',
);
const played = { actions, oldLogProbabilities: few(), oldValues: few(), advantages: few(), returns: few() };
const lossSettings = { clip: 0.1, clipValue: true, valueCoefficient: 0.5, entropyCoefficient: 0.01 };
const loss = evaluate({ logits: randomTensor(random, [257, 6]), values: few() }, ({ logits, values }) => {
  const result = kernels.ppoLoss(logits as tf.Tensor2D, values as tf.Tensor1D, played, lossSettings);
  return { outputs: { statistics: result.statistics }, loss: result.loss };
});
add({ ...loss.outputs, ...loss.grads });
console.log(instructionSet(), hash.digest('hex'));
