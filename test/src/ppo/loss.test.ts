import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { loadTensorFlow } from '../../../agents/kernels/backend.ts';
import { Random } from '../../../agents/random.ts';
import { lossStatistics, type LossOptions, ppoLoss } from '../../../src/ppo/loss.ts';

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
function plainLoss(samples: readonly Sample[], options: LossOptions): Record<string, number> {
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

function tensorLoss(samples: readonly Sample[], options: LossOptions) {
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
  const { value, grads } = tf.valueAndGrads(
    (l, v) => ppoLoss(l as tf.Tensor2D, v as tf.Tensor1D, inputs, options).loss,
  )([logits, values]);
  const { statistics } = ppoLoss(logits, values, inputs, options);
  return {
    loss: value.dataSync()[0] as number,
    statistics: [...statistics.dataSync()],
    gradients: grads.map((gradient) => [...gradient.dataSync()]),
  };
}

const near = (actual: number, expected: number, tolerance = 2e-5): void =>
  assert.ok(Math.abs(actual - expected) <= tolerance * (1 + Math.abs(expected)), `${actual} is not ${expected}`);

for (const clipValue of [true, false]) {
  test(`loss, statistics and gradients equal the formulas in plain float64 (value clipping ${clipValue})`, () => {
    const random = new Random(clipValue ? 1 : 2);
    const options = { clip: 0.1, clipValue, valueCoefficient: 0.5, entropyCoefficient: 0.01 };
    for (let round = 0; round < 20; round++) {
      const samples = randomSamples(7, 4, random);
      const expected = plainLoss(samples, options);
      const actual = tensorLoss(samples, options);
      near(actual.loss, expected.loss as number);
      for (const [i, name] of lossStatistics.entries()) near(actual.statistics[i] as number, expected[name] as number);
      const [logitGradients = [], valueGradients = []] = actual.gradients;
      for (const [i, sample] of samples.entries()) {
        const difference = (nudge: (amount: number) => void): number => {
          const h = 1e-6;
          nudge(h);
          const up = plainLoss(samples, options).loss as number;
          nudge(-2 * h);
          const down = plainLoss(samples, options).loss as number;
          nudge(h);
          return (up - down) / (2 * h);
        };
        near(
          valueGradients[i] as number,
          difference((amount) => void (sample.value += amount)),
          1e-4,
        );
        for (let a = 0; a < 4; a++) {
          const nudge = (amount: number): void => void (sample.logits[a] = (sample.logits[a] as number) + amount);
          near(logitGradients[i * 4 + a] as number, difference(nudge), 1e-4);
        }
      }
    }
  });
}
