import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { type CoreOptions, rimDefaults } from '../../../agents/cores/options.ts';
import { loadTensorFlow } from '../../../agents/kernels/backend.ts';
import { selectKernels } from '../../../agents/kernels/index.ts';
import { newOptimiserState, Optimiser } from '../../../agents/optimiser.ts';
import { Random } from '../../../agents/random.ts';
import type { Corpus } from '../../../src/tasks/data/vocabulary.ts';
import { LanguageExperiment, type LanguageOptions } from '../../../src/tasks/language-experiment.ts';
import { LanguageNetwork } from '../../../src/tasks/language-network.ts';
import type { SequenceParameters } from '../../../src/tasks/task.ts';

before(() => loadTensorFlow());

const rim: CoreOptions = {
  ...{ kind: 'rim', modules: 3, active: 2, units: 4 },
  ...{ ...rimDefaults(4), inputKey: 4, inputValue: 4, commHeads: 1, commKey: 3, commValue: 3 },
};
const options: LanguageOptions = {
  core: rim,
  ...{ embedding: 8, cutoffs: [4, 7], divisor: 2, tied: true, outerDropout: 0, batch: 2, bptt: 5 },
};
const words = ['<eos>', ...'abcdefghij'];

/** The word at each place of a text without pattern. */
function scattered(length: number): Int32Array {
  return Int32Array.from({ length }, (_, i) => (i * i * 7 + (i >> 2)) % words.length);
}

function corpus(parts: Partial<Corpus> = {}): Corpus {
  const text = { train: scattered(60), valid: scattered(23), test: scattered(31) };
  return { name: 'made up', words, counts: new Int32Array(words.length).fill(1), ...text, ...parts };
}

function experiment(changed: Partial<LanguageOptions> = {}, text = corpus()): LanguageExperiment {
  return new LanguageExperiment({ ...options, ...changed }, text, selectKernels('portable'));
}

/** Does something with parameters: first ones, or all of one value. */
function withParameters<T>(
  made: LanguageExperiment,
  work: (parameters: SequenceParameters) => T,
  values = made.layout.initial(new Random(3)),
): T {
  const vector = tf.tensor1d(values);
  const tensors = made.layout.split(vector);
  try {
    return work(made.layout.named(tensors));
  } finally {
    tf.dispose([vector, tensors]);
  }
}

function perplexity(made: LanguageExperiment, parameters: SequenceParameters, set: string): number {
  return made.evaluate(parameters, set).metrics['perplexity'] as number;
}

function near(found: number, expected: number, tolerance: number): void {
  assert.ok(Math.abs(found - expected) <= tolerance * Math.abs(expected), `${found}, expected ${expected}`);
}

for (const tied of [true, false])
  test(`every parameter gets gradient, tables ${tied ? 'tied' : 'apart'}`, () => {
    const made = experiment({ tied, bptt: 20 });
    assert.equal(made.layout.names.includes('encoder.embedding'), !tied);
    const batch = made.nextBatch();
    tf.tidy(() => {
      const flat = tf.tensor1d(made.layout.initial(new Random(3)));
      const grad = tf.valueAndGrads((...tensors: tf.Tensor[]) => made.loss(made.layout.named(tensors), batch));
      const { grads } = grad(made.layout.split(flat));
      assert.equal(grads.length, made.layout.names.length);
      for (const [i, one] of grads.entries())
        assert.ok((one.abs().max().dataSync()[0] as number) > 0, made.layout.names[i]);
    });
  });

describe('a network that knows nothing', () => {
  const ignorant = (made: LanguageExperiment): number =>
    withParameters(made, (parameters) => perplexity(made, parameters, 'test'), new Float32Array(made.layout.size));

  test('has the size of the vocabulary as its perplexity', () => {
    near(ignorant(experiment({ cutoffs: [] })), words.length, 1e-6);
  });

  test('first chooses evenly among frequent words and clusters, where there are some', () => {
    // Four frequent words and two clusters, of three and of four words.
    const choices = [6, 6, 6, 6, 18, 18, 18, 24, 24, 24, 24];
    const found = [...corpus().test];
    const mean = found.reduce((sum, word) => sum + Math.log(choices[word] as number), 0) / found.length;
    near(ignorant(experiment()), Math.exp(mean), 1e-6);
  });
});

test('evaluation predicts every word of the set once, from all before it', () => {
  const text = corpus({ valid: scattered(600) }); // longer than what is read at once
  const made = experiment({}, text);
  const network = new LanguageNetwork({ ...options, words: words.length }, selectKernels('portable'));
  withParameters(made, (parameters) => {
    const tensors = tf.memory().numTensors;
    const { metrics, activation } = made.evaluate(parameters, 'validation');
    assert.equal(tf.memory().numTensors, tensors);
    const expected = tf.tidy(() => {
      const inputs = Int32Array.of(0, ...text.valid.subarray(0, -1));
      const { features } = network.read(parameters, inputs, network.zeroStates(1), 1);
      const all = network.softmax.logProbabilities(parameters.decoder, features).arraySync();
      return -text.valid.reduce((sum, word, i) => sum + (all[i]?.[word] as number), 0) / text.valid.length;
    });
    near(metrics['crossEntropy'] as number, expected, 1e-6);
    near(metrics['perplexity'] as number, Math.exp(expected), 1e-5);
    assert.ok('shares' in activation! && Math.abs(activation.shares.reduce((a, b) => a + b) - 2) < 1e-6);
  });
});

test('segments with carried states are as one sequence', () => {
  const train = Int32Array.of(0, ...scattered(50));
  const text = corpus({ train, valid: train.subarray(1) });
  const short = experiment({ batch: 1, bptt: 7 }, text);
  withParameters(short, (parameters) => {
    let sum = 0;
    for (let i = 0; i < short.updatesPerEpoch; i++) {
      const batch = short.nextBatch();
      const loss = tf.tidy(() => short.loss(parameters, batch).dataSync()[0] as number);
      sum += loss * batch.targets.length;
    }
    near(sum / 50, short.evaluate(parameters, 'validation').metrics['crossEntropy'] as number, 1e-6);
  });
});

test('a pass reads every stream from its beginning to its end, and then begins again from zero states', () => {
  const made = experiment({ bptt: 12 });
  assert.equal(made.updatesPerEpoch, 3); // two streams of 30 words, 29 of which can be predicted
  const learn = () =>
    withParameters(made, (parameters) => {
      const batch = made.nextBatch();
      tf.tidy(() => made.loss(parameters, batch));
      return batch;
    });
  const pass = [learn(), learn(), learn()];
  for (const stream of [0, 1]) {
    const ofStream = (side: 'inputs' | 'targets'): number[] =>
      pass.flatMap((batch) => [...batch[side]].filter((_, i) => i % 2 === stream));
    const text = [...corpus().train.subarray(30 * stream, 30 * (stream + 1))];
    assert.deepEqual(ofStream('inputs'), text.slice(0, -1));
    assert.deepEqual(ofStream('targets'), text.slice(1));
  }
  const isZero = ({ states }: (typeof pass)[0]): boolean => states.every((state) => state.every((x) => x === 0));
  assert.deepEqual(pass.map(isZero), [true, false, false]);
  const again = learn();
  assert.deepEqual([again.inputs, again.states], [pass[0]?.inputs, pass[0]?.states]);
});

/** Trains for some updates and returns the perplexity on the validation text. */
function learned(text: Corpus, updates: number, core: CoreOptions): number {
  const kernels = selectKernels('auto');
  const made = new LanguageExperiment({ ...options, core, batch: 8, bptt: 10 }, text, kernels);
  const random = new Random(1);
  const settings = { maxGradNorm: 1, adamEpsilon: 1e-8 };
  const optimiser = new Optimiser(made.layout, kernels, settings, newOptimiserState(made.layout, random));
  for (let i = 0; i < updates; i++) {
    const batch = made.nextBatch();
    optimiser.step((parameters) => made.loss(parameters, batch), 0.02);
  }
  const found = perplexity(made, optimiser.parameters, 'validation');
  optimiser.dispose();
  return found;
}

const lstm: CoreOptions = { kind: 'lstm', units: 12 };
const cyclic = (length: number): Int32Array => Int32Array.from({ length }, (_, i) => [0, 1, 4, 2, 8, 10][i % 6] ?? 0);

for (const core of [lstm, rim])
  test(`${core.kind} learns a text that repeats itself: perplexity 1`, () => {
    // After <eos> the cycle begins.
    const found = learned(corpus({ train: cyclic(960), valid: cyclic(301).subarray(1) }), 300, core);
    assert.ok(found >= 1 && found < 1.02, `${found}`);
  });

test('a text whose every second word is a fair coin is learned as far as it can be: perplexity √2', () => {
  const random = new Random(9);
  const coins = (length: number): Int32Array =>
    Int32Array.from({ length }, (_, i) => (i % 2 === 0 ? 5 : random.uniform() < 0.5 ? 0 : 8));
  near(learned(corpus({ train: coins(4000), valid: coins(2000) }), 150, lstm), Math.SQRT2, 0.03);
});

test('goes on with the words and states that would have come', () => {
  const [through, resumed] = [experiment(), experiment()];
  const learn = (made: LanguageExperiment) =>
    withParameters(made, (parameters) => {
      const batch = made.nextBatch();
      return { ...batch, loss: tf.tidy(() => made.loss(parameters, batch, 4).dataSync()[0]) };
    });
  for (let i = 0; i < 4; i++) learn(through);
  resumed.restore(structuredClone(through.save()));
  for (let i = 0; i < 4; i++) assert.deepEqual(learn(resumed), learn(through));
  const saved = through.save() as { first: number; states: Float32Array[] };
  for (const spoilt of [null, {}, { ...saved, first: 30 }, { ...saved, states: saved.states.slice(1) }])
    assert.throws(() => resumed.restore(spoilt), /which words of this text come next; start a new run/);
});

test('dropout changes the loss by its seed alone, and evaluation not at all', () => {
  const made = experiment({ outerDropout: 0.5 });
  const batch = made.nextBatch();
  withParameters(made, (parameters) => {
    const loss = (seed: number): number => tf.tidy(() => made.loss(parameters, batch, seed).dataSync()[0] as number);
    assert.equal(loss(1), loss(1));
    assert.notEqual(loss(1), loss(2));
    assert.equal(perplexity(made, parameters, 'test'), perplexity(experiment(), parameters, 'test'));
  });
});

test('a part of the validation text may decide while training; at the end all of it is read', () => {
  const made = experiment({ evaluated: 10 });
  assert.deepEqual(made.validation, ['validation-part']);
  assert.deepEqual(made.selections[0].tests, ['validation', 'test']);
  const part = experiment({}, corpus({ valid: scattered(10) }));
  assert.deepEqual(part.validation, ['validation']);
  withParameters(made, (parameters) =>
    assert.equal(perplexity(made, parameters, 'validation-part'), perplexity(part, parameters, 'validation')),
  );
});

test('a sample can be written as JSON: words, their probabilities, the active modules, how the network goes on', () => {
  const made = experiment();
  withParameters(made, (parameters) => {
    const tensors = tf.memory().numTensors;
    const sample = made.sample(parameters);
    assert.equal(tf.memory().numTensors, tensors);
    assert.deepEqual(JSON.parse(JSON.stringify(sample)), sample);
    assert.deepEqual(made.sample(parameters), sample);
    assert.deepEqual(
      sample.targets,
      [...corpus().valid].map((word) => words[word]),
    );
    assert.deepEqual(sample.inputs, ['<eos>', ...sample.targets.slice(0, -1)]);
    const mean = sample.probabilities.reduce((sum, p) => sum - Math.log(p), 0) / 23;
    near(Math.exp(mean), perplexity(made, parameters, 'validation'), 1e-5);
    assert.deepEqual(
      sample.active?.map((step) => step.reduce((a, b) => a + b, 0)),
      Array(23).fill(2),
    );
    assert.ok(sample.continuation.every((word) => words.includes(word)));
    assert.ok(new Set(sample.continuation).size > 3);
  });
});

test('a text that does not fill the streams is refused', () => {
  assert.throws(() => experiment({ batch: 31 }), /60 words does not fill 31 streams .*smaller --batch/);
});
