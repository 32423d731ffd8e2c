import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { Random } from '../../../agents/random.ts';
import { temporaryFolder } from '../runs/samples.ts';
import { killAgainAndAgain, leftBy, type Training, trainWhole } from '../../resume/killed-run.ts';

const words = (text: string): string[] => text.split(' ');

const trainings: [string, number, number, Training][] = [
  [
    'Breakout with a RIM',
    2,
    24,
    {
      command: 'ppo',
      args: words(
        '--game Breakout --core rim --features 128 --modules 3 --units 16 --active 2 --frame-cap 200 --sticky 0.25 ' +
          '--envs 2 --minibatches 2 --rollout 16 --epochs 1 --steps 768 --checkpoint-every 1',
      ),
    },
  ],
  [
    'the copying task with an LSTM',
    1,
    100,
    {
      command: 'task',
      args: words(
        'copying --core lstm --hidden 64 --batch 4 --train-length 5 --test-lengths 7 --updates 100 ' +
          '--evaluate-every 30 --checkpoint-every 1',
      ),
    },
  ],
];

for (const [name, kills, updates, training] of trainings)
  test(`${name}: killed ${kills} times and resumed, it ends bit for bit as the run that was not`, async (context) => {
    const [whole, parts] = ['whole', 'parts'].map((part) => join(temporaryFolder(context), part)) as [string, string];
    await trainWhole(training, '--run', whole);
    const random = new Random(5);
    const done = await killAgainAndAgain(training, parts, { kills, updates, random });
    context.diagnostic(`${JSON.stringify(done)}`);
    assert.equal(done.length, kills);
    await trainWhole(training, '--resume', parts);
    assert.deepEqual(leftBy(training, parts), leftBy(training, whole));
  });
