import assert from 'node:assert/strict';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readBest, readEvaluations, readTaskMetrics, readTaskResult } from '../../../src/runs/task-run.ts';
import { writeSealed } from '../../../src/runs/sealed-file.ts';
import { newTaskSession, resumedTaskSession } from '../../../src/tasks/session.ts';
import type { Experiment, Task } from '../../../src/tasks/task.ts';
import { totalUpdates } from '../../../src/tasks/trainer.ts';
import { temporaryFolder } from '../runs/samples.ts';
import { altered, finish, learned, settingsOf, small, taskCheckpoint, taskNamed, train } from './small-runs.ts';

const copying = taskNamed('copying');

/** Copying whose deciding figure is made up: that of each evaluation in turn, then of the last again and again. */
function withFigures(figures: readonly number[]): Task {
  return altered(copying, (experiment) => {
    const sound = experiment.evaluate.bind(experiment);
    let evaluations = 0;
    experiment.evaluate = (parameters, set) => {
      const evaluated = sound(parameters, set);
      if (set !== 'validation') return evaluated;
      const lastTen = figures[Math.min(evaluations++, figures.length - 1)] as number;
      return { ...evaluated, metrics: { ...evaluated.metrics, lastTen } };
    };
  });
}

test('a run that is stopped at its last update gets its result when it is resumed', async (context) => {
  const whole = await train(context, {});
  const path = await train(context, {}, copying, ({ update }) => update === 45);
  assert.equal(taskCheckpoint(path).update, 45);
  assert.equal(readTaskResult(path), undefined);
  const { result } = await finish(await resumedTaskSession(copying, path, {}));
  assert.equal(result?.ended, 'budget');
  assert.deepEqual(learned(path), learned(whole));
});

test('a run that is stopped during its tests has no result, and gets it when it is resumed', async (context) => {
  const testLengths = '5,6';
  const whole = await train(context, { testLengths });
  const path = await train(context, { testLengths }, copying, ({ sets }) => sets?.of === 'test' && sets.done === 2);
  for (const name of ['result.json', 'sample.json']) assert.ok(!existsSync(join(path, name)), name);
  await finish(await resumedTaskSession(copying, path, {}));
  assert.deepEqual(learned(path), learned(whole));
});

test('a run that was killed when it had run out of patience gets its result when it is resumed', async (context) => {
  const path = await train(context, { learningRate: 1e-12, evaluateEvery: 5, patience: 3 });
  const before = learned(path);
  assert.equal(before.result.ended, 'patience');
  for (const name of ['result.json', 'sample.json']) rmSync(join(path, name));
  await finish(await resumedTaskSession(copying, path, {}));
  assert.deepEqual(learned(path), before);
});

test('each set of an evaluation and of the tests is told, with turns of the event loop between', async (context) => {
  const path = join(temporaryFolder(context), 'run');
  const given = { ...small, updates: 10, testLengths: '5,6' };
  let turns = 0;
  let next = setImmediate(function turn() {
    turns++;
    next = setImmediate(turn);
  });
  const seen: number[] = [];
  const session = await newTaskSession(copying, settingsOf(copying, given), 'test', path);
  const { told } = await finish(session, ({ sets }) => {
    if (sets) seen.push(turns);
    return false;
  });
  clearImmediate(next);
  const sets = told.flatMap(({ sets }) => (sets ? [`${sets.of} ${sets.done} of ${sets.all}`] : []));
  assert.deepEqual(
    sets.filter((words) => words.startsWith('evaluation')),
    ['evaluation 1 of 3', 'evaluation 2 of 3', 'evaluation 3 of 3'],
  );
  const tests = sets.filter((words) => words.startsWith('test'));
  assert.deepEqual(
    tests,
    tests.map((_, i) => `test ${i + 1} of ${tests.length}`),
  );
  assert.ok(tests.length >= 2);
  assert.equal(new Set(seen).size, sets.length, 'a turn after each set');
});

for (const first of [NaN, Infinity])
  test(`an evaluation of ${first} is never the best, and a run can go on from it`, async (context) => {
    const task = withFigures([first, 3, first, 2]);
    const path = await train(context, {}, task, ({ evaluation }) => evaluation?.update === 10);
    assert.deepEqual(taskCheckpoint(path).best, {});
    await finish(await resumedTaskSession(withFigures([3, first, 2]), path, {}));
    assert.deepEqual(
      readEvaluations(path).map(({ best }) => best.length),
      [0, 1, 0, 1, 0],
    );
    assert.equal(readTaskResult(path)?.selections['validation']?.value, 2);
  });

test('a run without a finite evaluation is told so in one line, and its checkpoint can be read', async (context) => {
  const path = join(temporaryFolder(context), 'run');
  const session = await newTaskSession(withFigures([NaN]), settingsOf(copying, small), 'test', path);
  await assert.rejects(
    finish(session),
    /no evaluation gave a finite lastTen of validation; take a smaller --learning-rate/,
  );
  assert.equal(taskCheckpoint(path).update, 45);
});

test('patience goes by the gain since it began anew, so that small gains add up', async (context) => {
  // Each evaluation gains 0.00004, every third one has gained more than --min-gain since the last that had.
  const figures = Array.from({ length: 9 }, (_, i) => 2 - 0.00004 * i);
  const given = { evaluateEvery: 5, patience: 3, plateauDecay: 0.5, learningRate: 1e-3 };
  const path = await train(context, given, withFigures(figures));
  assert.equal(readTaskResult(path)?.ended, 'budget');
  const { reference, withoutBetter, best } = taskCheckpoint(path);
  assert.deepEqual([reference, withoutBetter], [figures[6], 2]);
  assert.equal(best['validation']?.value, figures[8]);
  const rates = readEvaluations(path).map(({ learningRate }) => Math.log2(1e-3 / (learningRate as number)));
  assert.deepEqual(rates.map(Math.round), [0, 0, 1, 2, 2, 3, 4, 4, 5]);
});

test('patience goes on after a stop as if there had been none', async (context) => {
  const figures = Array.from({ length: 9 }, (_, i) => 2 - 0.00004 * i);
  const given = { evaluateEvery: 5, patience: 3 };
  const whole = await train(context, given, withFigures(figures));
  const path = await train(context, given, withFigures(figures), ({ evaluation }) => evaluation?.update === 10);
  await finish(await resumedTaskSession(withFigures(figures.slice(2)), path, {}));
  assert.deepEqual(learned(path), learned(whole));
});

test('a network of a later update than the checkpoint gives way to the one that it replaced', async (context) => {
  const whole = await train(context, {}, withFigures([5, 4, 3, 2, 1]));
  const path = await train(context, {}, withFigures([5, 4]), ({ update }) => update === 20);
  const best = readBest(path, 'validation');
  assert.ok(best);
  writeSealed(join(path, 'best-validation.msgpack'), { ...best, update: 30, value: 0 });
  const { result } = await finish(await resumedTaskSession(copying, path, { updates: 20 }));
  const { update, value } = result?.selections['validation'] ?? {};
  assert.deepEqual([update, value], [20, 4]);
  await finish(await resumedTaskSession(withFigures([3, 2, 1]), path, { updates: 45 }));
  assert.deepEqual(learned(path), learned(whole));
});

test('where the best network is lost, the best of those after it is tested', async (context) => {
  const path = await train(context, {}, withFigures([5, 1]), ({ update }) => update === 20);
  for (const update of [30, 40])
    writeSealed(join(path, 'best-validation.msgpack'), { ...readBest(path, 'validation'), update, value: 0 });
  const { result } = await finish(await resumedTaskSession(withFigures([4, 3, 2]), path, {}));
  const { update, value } = result?.selections['validation'] ?? {};
  assert.deepEqual([update, value], [45, 2]);
});

test('updates and epochs are both the most that a run makes', () => {
  const given = settingsOf(taskNamed('copying'), small);
  const experiment = { updatesPerEpoch: 10 } as Experiment;
  assert.equal(totalUpdates({ ...given, updates: 25, epochs: 3 }, experiment), 25);
  assert.equal(totalUpdates({ ...given, updates: 25, epochs: 2 }, experiment), 20);
  const { updates: _, ...without } = given;
  assert.equal(totalUpdates({ ...without, epochs: 2 } as typeof given, experiment), 20);
});

test('the speed of a resumed run is that of its own updates', async (context) => {
  const slow = altered(taskNamed('copying'), (experiment) => {
    const next = experiment.nextBatch.bind(experiment);
    experiment.nextBatch = (random) => {
      const until = performance.now() + 5;
      while (performance.now() < until);
      return next(random);
    };
  });
  const path = await train(context, { evaluateEvery: 15 }, slow, ({ evaluation }) => evaluation !== undefined);
  await finish(await resumedTaskSession(slow, path, {}));
  for (const { updatesPerSecond } of readTaskMetrics(path)) assert.ok((updatesPerSecond ?? 0) <= 1000 / 5);
});
