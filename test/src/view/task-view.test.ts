import assert from 'node:assert/strict';
import { test } from 'node:test';
import { figure, TaskView } from '../../../src/view/task-view.ts';
import { sampleEpisode } from '../runs/samples.ts';
import { Screen } from './screen.ts';

test('a figure has as many digits as are worth reading, however large or small it is', () => {
  const expected: [number | null, string][] = [
    [3.211181025268189e30, '3.2e+30'],
    [-2e7, '-2.0e+7'],
    [123456.78, '123456.8'],
    [12.345678, '12.35'],
    [0.12345678, '0.1235'],
    [0.00012345, '1.2e-4'],
    [0, '0.0000'],
    [NaN, '–'],
    [null, '–'],
  ];
  for (const [value, text] of expected) assert.equal(figure(value), text);
});

test('in a terminal the view shows progress, time left, the last evaluation, the best figure, a bar per module', () => {
  const screen = new Screen(60);
  const heading = { title: 'copying · rim · seed 1', path: 'runs/copying-rim-s1', deciding: 'lastTen of validation' };
  const view = new TaskView(heading, { stream: screen, environment: {}, now: () => 0 });
  const activation = { ...sampleEpisode(1, 1).activation, nearZero: 0.1, modules: 2, shares: [1, 0.5] };
  view.update({
    ...{ update: 250, updates: 1000, epoch: 0.5, seconds: 100, updatesPerSecond: 2.5, loss: 0.25, sets: undefined },
    evaluation: {
      update: 200,
      sets: {
        validation: { metrics: { lastTen: 1.5, all: 0.25 }, activation },
        'length-200': { metrics: { lastTen: 2 } },
      },
    },
    best: { update: 100, value: 1.25 },
  });
  assert.equal(
    screen.text,
    [
      'copying · rim · seed 1',
      `${'━'.repeat(14)}${'─'.repeat(40)}  25 %`,
      'updates 250 of at most 1,000   updates/s 2.50   epoch 0.50',
      'time left 5 m 00 s   so far 1 m 40 s   loss 0.2500',
      '',
      'evaluated after update 200',
      'validation  lastTen 1.5000   all 0.2500',
      'length-200  lastTen 2.0000',
      'best lastTen of validation 1.2500, after update 100',
      '',
      'share of steps in which each module was active',
      ` 0 ${'━'.repeat(52)} 1.00`,
      ` 1 ${'━'.repeat(26)}${'─'.repeat(26)} 0.50`,
      '',
      'runs/copying-rim-s1',
    ].join('\n'),
  );
  view.close();
});
