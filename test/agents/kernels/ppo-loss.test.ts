// PPO's loss against the papers' formulas in float64, their finite differences, and PyTorch.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { loadTensorFlow } from '../../../agents/kernels/backend.ts';
import { type Kernels, selectKernels } from '../../../agents/kernels/index.ts';
import type { PpoLossSettings } from '../../../agents/kernels/kernels.ts';
import { Random } from '../../../agents/random.ts';
import { assertClose } from './cases.ts';
import { lossCases } from './ppo-oracle.ts';

/** In the order of the operation's statistics. */
const statisticNames = ['policyLoss', 'valueLoss', 'entropy', 'approxKl', 'clipFraction'];

interface Sample {
  logits: number[];
  value: number;
  action: number;
  oldLogProbability: number;
  oldValue: number;
  advantage: number;
  return: number;
}

before(() => loadTensorFlow({ threads: 2 }));

function randomSamples(count: number, actions: number, random: Random): Sample[] {
  return Array.from({ length: count }, () => {
    const logits = Array.from({ length: actions }, () => 2 * random.normal());
    const action = random.integer(actions);
    const now = Math.log(Math.exp(logits[action] as number) / logits.reduce((sum, logit) => sum + Math.exp(logit), 0));
    return {
      logits,
      action,
      value: random.normal(),
      oldLogProbability: now + 0.2 * random.normal(),
      oldValue: random.normal(),
      advantage: random.normal(),
      return: random.normal(),
    };
  });
}

/** The paper's formulas for one sample at a time, in float64, by cases instead of by minimum and maximum. */
function plainLoss(samples: readonly Sample[], options: PpoLossSettings): Record<string, number> {
  const sums = { policyLoss: 0, valueLoss: 0, entropy: 0, approxKl: 0, clipFraction: 0 };
  for (const s of samples) {
    const total = s.logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
    const probabilities = s.logits.map((logit) => Math.exp(logit) / total);
    const ratio = (probabilities[s.action] as number) / Math.exp(s.oldLogProbability);
    const [low, high] = [1 - options.clip, 1 + options.clip];
    const tooGood = (s.advantage > 0 && ratio > high) || (s.advantage < 0 && ratio < low);
    const counted = tooGood ? (s.advantage > 0 ? high : low) : ratio;
    sums.policyLoss -= counted * s.advantage;
    const step = Math.max(-options.clip, Math.min(options.clip, s.value - s.oldValue));
    const plain = (s.value - s.return) ** 2;
    const clipped = (s.oldValue + step - s.return) ** 2;
    sums.valueLoss += 0.5 * (options.clipValue && clipped > plain ? clipped : plain);
    sums.entropy -= probabilities.reduce((sum, p) => sum + p * Math.log(p), 0);
    sums.approxKl += ratio - 1 - Math.log(ratio);
    sums.clipFraction += Number(ratio < low || ratio > high);
  }
  const means = Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, sum / samples.length]));
  const { policyLoss = NaN, valueLoss = NaN, entropy = NaN } = means;
  return { ...means, loss: policyLoss + options.valueCoefficient * valueLoss - options.entropyCoefficient * entropy };
}

function tensorLoss(kernels: Kernels, samples: readonly Sample[], options: PpoLossSettings) {
  const column = (pick: (s: Sample) => number): tf.Tensor1D => tf.tensor1d(samples.map(pick));
  const logits = tf.tensor2d(samples.map((s) => s.logits));
  const values = column((s) => s.value);
  const inputs = {
    actions: tf.tensor1d(
      samples.map((s) => s.action),
      'int32',
    ),
    oldLogProbabilities: column((s) => s.oldLogProbability),
    oldValues: column((s) => s.oldValue),
    advantages: column((s) => s.advantage),
    returns: column((s) => s.return),
  };
  let statistics: tf.Tensor1D | undefined;
  const { value: loss, grads } = tf.valueAndGrads((l, v) => {
    const result = kernels.ppoLoss(l as tf.Tensor2D, v as tf.Tensor1D, inputs, options);
    statistics = tf.keep(result.statistics);
    return tf.mul(2, result.loss); // so that the gradient's own factor counts
  })([logits, values]);
  const [dLogits, dValues] = grads.map((gradient) => tf.div(gradient, 2));
  return { loss: tf.div(loss, 2), statistics, dLogits, dValues } as Record<string, tf.Tensor>;
}

/** Derivatives of the plain loss with respect to all logits and values, by central differences. */
function differences(samples: readonly Sample[], options: PpoLossSettings): { logits: number[]; values: number[] } {
  const step = 1e-6;
  const along = (nudge: (amount: number) => void): number => {
    nudge(step);
    const up = plainLoss(samples, options).loss as number;
    nudge(-2 * step);
    const down = plainLoss(samples, options).loss as number;
    nudge(step);
    return (up - down) / (2 * step);
  };
  return {
    values: samples.map((sample) => along((amount) => void (sample.value += amount))),
    logits: samples.flatMap((sample) =>
      sample.logits.map((_, a) => along((amount) => void (sample.logits[a] = (sample.logits[a] as number) + amount))),
    ),
  };
}

for (const choice of ['portable', 'native'] as const)
  describe(`PPO's loss of the ${choice} kernels`, () => {
    for (const clipValue of [true, false])
      test(`equals the formulas in float64 and their differences, 100 cases, value clipping ${clipValue}`, () => {
        const random = new Random(clipValue ? 1 : 2);
        const options = { clip: 0.1, clipValue, valueCoefficient: 0.5, entropyCoefficient: 0.01 };
        for (let round = 0; round < 100; round++)
          tf.tidy(() => {
            const samples = randomSamples(1 + random.integer(9), 2 + random.integer(6), random);
            const expected = plainLoss(samples, options);
            const actual = tensorLoss(selectKernels(choice), samples, options);
            assertClose('loss', actual.loss as tf.Tensor, expected.loss as number);
            const statistics = statisticNames.map((name) => expected[name] as number);
            assertClose('statistics', actual.statistics as tf.Tensor, statistics);
            const { logits, values } = differences(samples, options);
            assertClose('logits', actual.dLogits as tf.Tensor, logits);
            assertClose('values', actual.dValues as tf.Tensor, values);
          });
      });

    test('equals PyTorch, 200 cases', () => {
      assert.equal(lossCases.length, 200);
      for (const [i, { settings, expected, ...given }] of lossCases.entries())
        tf.tidy(() => {
          const samples = given.logits.map((logits, s) => ({
            logits,
            value: given.values[s] as number,
            action: given.actions[s] as number,
            oldLogProbability: given.oldLogProbabilities[s] as number,
            oldValue: given.oldValues[s] as number,
            advantage: given.advantages[s] as number,
            return: given.returns[s] as number,
          }));
          const actual = tensorLoss(selectKernels(choice), samples, settings);
          // Float32 keeps log-probabilities to 1e-7 of the largest logit.
          const tolerance = Math.max(...given.logits.flat().map(Math.abs)) > 20 ? 1e-3 : 1e-4;
          for (const [name, value] of Object.entries(expected))
            assertClose(`case ${i}: ${name}`, actual[name] as tf.Tensor, value, tolerance);
        });
    });

    test('an old policy that differs much gives no NaN; a NaN is not lost', () => {
      const options = { clip: 0.1, clipValue: true, valueCoefficient: 0.5, entropyCoefficient: 0.01 };
      const sample = {
        logits: [1, 2, 3],
        value: 1,
        action: 0,
        oldLogProbability: -30,
        oldValue: 0,
        return: 2,
        advantage: 1,
      };
      const kernels = selectKernels(choice);
      const finite = tensorLoss(kernels, [sample], options);
      assert.ok(Object.values(finite).every((tensor) => tensor.dataSync().every(Number.isFinite)));
      const names = ['advantage', 'value', 'oldValue', 'return', 'oldLogProbability'];
      for (const broken of [...names.map((name) => ({ [name]: NaN })), { logits: [NaN, 0, 0] }])
        assert.ok(Number.isNaN(tensorLoss(kernels, [{ ...sample, ...broken }], options).loss?.dataSync()[0]));
    });

    test('a tensor of a wrong shape is named', () => {
      const vector = tf.zeros([3]) as tf.Tensor1D;
      const actions: tf.Tensor1D = tf.zeros([3], 'int32');
      const inputs = { actions, oldLogProbabilities: vector, oldValues: vector, advantages: vector, returns: vector };
      const settings = { clip: 0.1, clipValue: true, valueCoefficient: 0.5, entropyCoefficient: 0.01 };
      const wrong = { ...inputs, returns: tf.zeros([4]) as tf.Tensor1D };
      assert.throws(
        () => selectKernels(choice).ppoLoss(tf.zeros([3, 2]), vector, wrong, settings),
        /ppoLoss: returns has shape \(4\) where \(3\)/,
      );
    });
  });

test('the native loss refuses an action that the policy does not have', () => {
  const options = { clip: 0.1, clipValue: true, valueCoefficient: 0.5, entropyCoefficient: 0.01 };
  const sample = { logits: [1, 2, 3], value: 1, oldLogProbability: -1, oldValue: 0, return: 2, advantage: 1 };
  for (const action of [3, -1, 2 ** 31 - 1])
    assert.throws(() => tensorLoss(selectKernels('native'), [{ ...sample, action }], options), /actions has/);
});
