import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { UserError } from '../../../src/errors.ts';
import { readConfig } from '../../../src/runs/index.ts';
import {
  readBest,
  readEvaluations,
  readSample,
  readTaskConfig,
  readTaskMetrics,
  readTaskResult,
} from '../../../src/runs/task-run.ts';
import type { EvaluatedSet } from '../../../src/runs/task-lines.ts';
import { newTaskSession, resumedTaskSession } from '../../../src/tasks/session.ts';
import { fields, records, scalarsOf } from '../runs/event-file.ts';
import { contents, temporaryFolder } from '../runs/samples.ts';
import { altered, finish, learned, settingsOf, small, taskCheckpoint, taskNamed, train } from './small-runs.ts';

/** Update and value of everything that stands under a tag in a run's TensorBoard file. */
function scalarsIn(path: string, tag: string): [number, number][] {
  const folder = join(path, 'tensorboard');
  const [file] = readdirSync(folder);
  return records(readFileSync(join(folder, file as string)))
    .map((data) => new Map(fields(data)))
    .filter((event) => event.has(5))
    .flatMap((event) =>
      scalarsOf(event)
        .filter(([name]) => name === tag)
        .map(([, value]): [number, number] => [Number(event.get(2)), value]),
    );
}

test('a run leaves metrics, evaluations with activation, the tested best network and an example', async (context) => {
  const path = await train(context, {});
  assert.equal(readTaskConfig(path).task, 'copying');
  assert.deepEqual(
    readTaskMetrics(path).map(({ update }) => update),
    [20, 40],
  );
  const evaluations = readEvaluations(path);
  assert.deepEqual(
    evaluations.map(({ update }) => update),
    [10, 20, 30, 40, 45],
  );
  for (const { sets } of evaluations) {
    assert.deepEqual(Object.keys(sets), ['validation', 'length-5']);
    const { metrics, activation } = sets['validation'] ?? {};
    assert.ok((metrics?.['lastTen'] as number) > (metrics?.['all'] as number));
    assert.ok(activation && 'shares' in activation);
    assert.ok(Math.abs(activation.shares.reduce((a, b) => a + b, 0) - small.active) < 1e-6, 'one module is active');
  }
  assert.deepEqual(
    scalarsIn(path, 'loss').map(([update]) => update),
    [20, 40],
  );
  for (const [tag, of] of [
    ['validation/metrics/lastTen', ({ metrics }: EvaluatedSet) => metrics['lastTen']],
    ['length-5/activation/nearZero', ({ activation }: EvaluatedSet) => activation?.nearZero],
  ] as const)
    assert.deepEqual(
      scalarsIn(path, tag),
      evaluations.map(({ update, sets }) => [
        update,
        Math.fround(of(sets[tag.split('/')[0] as string] as EvaluatedSet) as number),
      ]),
    );
  const result = readTaskResult(path);
  const values = evaluations.map(({ sets }) => sets['validation']?.metrics['lastTen'] as number);
  const lowest = Math.min(...values);
  const selected = result?.selections['validation'];
  assert.equal(result?.ended, 'budget');
  assert.equal(selected?.value, lowest);
  assert.equal(selected?.update, evaluations[values.indexOf(lowest)]?.update);
  assert.equal(readBest(path, 'validation')?.update, selected?.update);
  assert.deepEqual(Object.keys(selected?.tests ?? {}), ['test-3', 'test-5']);
  const sample = readSample(path) as { inputs: number[]; active: number[][] };
  assert.equal(sample.inputs.length, 25);
  assert.equal(sample.active.length, 25);
});

test('the same seed is the same run, to the last bit; another seed is another', async (context) => {
  const [first, again, other] = [await train(context, {}), await train(context, {}), await train(context, { seed: 2 })];
  assert.deepEqual(learned(again), learned(first));
  assert.notDeepEqual(learned(other).parameters, learned(first).parameters);
});

for (const core of ['rim', 'brim', 'lstm'])
  test(`a stopped and resumed run of ${core} ends exactly as one that was never stopped`, async (context) => {
    const given = {
      ...{ core, hidden: 5, layers: '2x3:1,2x2:1', learningRate: 0.01, plateauDecay: 0.5 },
      ...(core === 'rim' && { dropout: 0.2 }),
    };
    const whole = await train(context, given);
    const task = taskNamed('copying');
    const path = await train(context, given, task, ({ update }) => update >= 20);
    assert.equal(readTaskResult(path), undefined);
    assert.ok(taskCheckpoint(path).update < 45);
    await finish(await resumedTaskSession(task, path, {}));
    assert.deepEqual(learned(path), learned(whole));
  });

test('a run that was killed before its first checkpoint begins where it was to begin', async (context) => {
  const whole = await train(context, {});
  const [task, path] = [taskNamed('copying'), join(temporaryFolder(context), 'run')];
  (await newTaskSession(task, settingsOf(task, small), 'test', path)).close();
  await finish(await resumedTaskSession(task, path, {}));
  assert.deepEqual(learned(path), learned(whole));
});

test('training ends when the deciding figure has been no better for so many evaluations', async (context) => {
  const path = await train(context, { learningRate: 1e-12, evaluateEvery: 5, patience: 3, plateauDecay: 0.5 });
  const result = readTaskResult(path);
  assert.equal(result?.ended, 'patience');
  assert.equal(result.updates, 20, 'one evaluation that is the best, three that are no better');
  const rates = readEvaluations(path).map(({ learningRate }) => learningRate);
  assert.deepEqual(rates, [1e-12, 1e-12, 0.5e-12, 0.25e-12]);
  const task = taskNamed('copying');
  await assert.rejects(resumedTaskSession(task, path, {}), /ended at update 20.*--patience above that, or 0/);
});

test('a loss that is no number ends training and names step and parameter; the checkpoint stays', async (context) => {
  const copying = taskNamed('copying');
  let calls = 0;
  const spoilt = altered(copying, (experiment) => {
    const sound = experiment.loss.bind(experiment);
    experiment.loss = (parameters, ...rest) => {
      const loss = sound(parameters, ...rest);
      const query = parameters['core']?.['inputQuery'] as tf.Tensor;
      return ++calls === 15 ? tf.add(loss, tf.sum(tf.mul(query, NaN))) : loss;
    };
  });
  const path = join(temporaryFolder(context), 'run');
  const session = await newTaskSession(spoilt, settingsOf(copying, small), 'test', path);
  await assert.rejects(
    finish(session),
    /diverged at optimiser step 15: the gradient of core\.inputQuery is not a number/,
  );
  const checkpoint = taskCheckpoint(path);
  assert.equal(checkpoint.update, 10);
  assert.ok(checkpoint.parameters.every(Number.isFinite));
});

test('what a run cannot go on with is refused in one line', async (context) => {
  const path = await train(context, {});
  const [copying, adding] = [taskNamed('copying'), taskNamed('adding')];
  await assert.rejects(resumedTaskSession(copying, path, {}), /has made all its 45 updates; .*--updates above that/);
  await assert.rejects(
    resumedTaskSession(copying, path, { updates: 60, units: 8 }),
    /with units 4, not 8: leave --units/,
  );
  await assert.rejects(resumedTaskSession(adding, path, {}), /is a run of copying: npm run task -- copying --resume/);
  assert.throws(() => readConfig(path), /is a run of a sequence task, not of PPO/);
  const best = join(path, 'best-validation.msgpack');
  renameSync(best, `${best}.kept`);
  await assert.rejects(resumedTaskSession(copying, path, { updates: 60 }), /lacks best-validation\.msgpack, .*a copy/);
  renameSync(`${best}.kept`, best);
  writeFileSync(join(path, 'result.json'), '{');
  assert.throws(() => readTaskResult(path), /result\.json is damaged/);
  assert.ok(!existsSync(join(path, 'run.pid')));
});

test('sizes that do not fit together are refused before anything is written', async (context) => {
  const path = join(temporaryFolder(context), 'run');
  const refuse = async (given: Record<string, unknown>, message: RegExp): Promise<void> => {
    const task = taskNamed('copying');
    await assert.rejects(newTaskSession(task, settingsOf(task, { ...small, ...given }), 'test', path), message);
    assert.ok(!existsSync(path));
  };
  await refuse({ active: 3 }, /3 active modules of 2/);
  await refuse({ inputElements: 2 }, /^UserError: 3 features cannot be cut into 2 input elements of one width; /);
  await refuse({ testLengths: '5,x' }, /--test-lengths "5,x": must be whole numbers/);
  await refuse({ inputAttention: false }, /--no-input-attention with 1 active modules of 2: .*; take --active 2$/);
});

for (const name of ['copying', 'adding'])
  test(`every parameter of a network for ${name} gets gradient`, async (context) => {
    const path = await train(context, { updates: 20 }, taskNamed(name));
    const log = readFileSync(join(path, 'log.jsonl'), 'utf8').trim().split('\n');
    const { gradientNorms } = JSON.parse(log.at(-1) as string) as { gradientNorms: Record<string, number> };
    assert.ok(Object.keys(gradientNorms).length > 10);
    for (const [parameter, norm] of Object.entries(gradientNorms)) assert.ok(norm > 0, parameter);
  });

test('a resumed run has no result and no example until it ends again', async (context) => {
  const path = await train(context, {});
  const before = contents(path);
  await finish(await resumedTaskSession(taskNamed('copying'), path, { updates: 90 }), ({ update }) => update >= 60);
  const gone = [...before.keys()].filter((name) => !existsSync(join(path, name)));
  assert.deepEqual(gone, ['result.json', 'sample.json']);
});

test('a run goes on with the data alone that it began with, whatever their folder', async (context) => {
  const from = (data: string) => altered(taskNamed('copying'), (experiment) => Object.assign(experiment, { data }));
  const path = await train(context, {}, from('text, 10 words, sha256 0'), ({ update }) => update >= 20);
  assert.equal(readTaskConfig(path).data, 'text, 10 words, sha256 0');
  const before = contents(path);
  await assert.rejects(
    resumedTaskSession(from('text, 10 words, sha256 1'), path, {}),
    /learned from text, 10 words, sha256 0, and here is text, 10 words, sha256 1: give the folder of the same data/,
  );
  assert.deepEqual(contents(path), before);
  const { result } = await finish(await resumedTaskSession(from('text, 10 words, sha256 0'), path, {}));
  assert.equal(result?.updates, 45);
});

test('what the experiment cannot go on with is refused before anything of the folder changes', async (context) => {
  const copying = taskNamed('copying');
  const path = await train(context, {}, copying, ({ update }) => update >= 20);
  const before = contents(path);
  const refusing = altered(copying, (experiment) => {
    experiment.restore = () => {
      throw new UserError('of another text');
    };
  });
  await assert.rejects(resumedTaskSession(refusing, path, {}), /of another text/);
  assert.deepEqual(contents(path), before);
});
