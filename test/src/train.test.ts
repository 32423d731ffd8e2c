// The program in the README that trains, loads and plays, exactly as it stands there.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { tensorFlowThreads } from '../../agents/kernels/backend.ts';
import { isUserError, train } from '../../src/index.ts';
import { readConfig, readMetrics } from '../../src/runs/index.ts';
import { root } from '../packed.ts';

const folder = mkdtempSync(join(tmpdir(), 'rim-agents-code-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const [, program = ''] = /^```ts\n([^]*?)^```$/m.exec(readFileSync(join(root, 'README.md'), 'utf8')) ?? [];

test("the README's program, of at most 15 lines, trains an agent that then plays", () => {
  const lines = program.split('\n').filter((line) => line.trim() !== '');
  assert.ok(lines.length > 0 && lines.length <= 15, `${lines.length} lines`);
  // As in a project that has this package: by its name.
  for (const name of ['package.json', 'node_modules', 'src', 'agents', 'envs'])
    symlinkSync(join(root, name), join(folder, name));
  writeFileSync(join(folder, 'program.ts'), program);
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const args = ['--import', 'tsx', 'program.ts'];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', env });
  assert.equal(status, 0, stderr);
  const [, path = '', score] = /^(runs\/CartPole-v1-gru-s1-\S+) scored (\d+)$/m.exec(stdout) ?? [];
  assert.ok(Number(score) > 60, `${stdout}: uniformly random actions hold the pole for 22 steps`);
  const { options, command } = readConfig(join(folder, path));
  assert.equal(options.steps, 50_000);
  assert.match(command, /^train\(\{"game":"CartPole-v1"/);
  assert.equal(readMetrics(join(folder, path)).length, 49);
});

test('a setting that is unknown, out of range or without effect is refused before anything is made', async () => {
  const cases: [object, RegExp][] = [
    [{ gmae: 'Breakout' }, /^unknown setting "gmae"; did you mean "game"\?$/],
    [{ envs: 0 }, /^--envs 0: must be a whole number, 1 to 1024$/],
    [{ game: 'CartPole-v1', sticky: 0.25 }, /^--sticky does nothing in CartPole-v1/],
    [{ core: 'gru', active: 3 }, /^--active does nothing with --core gru/],
  ];
  for (const [settings, message] of cases)
    await assert.rejects(train(settings, { path: join(folder, 'refused') }), { name: 'UserError', message });
});

test('trainings leave no tensor behind; one begun while another is under way is refused', async () => {
  const settings = { game: 'CartPole-v1', core: 'gru', hidden: 8, features: 8, rollout: 8, steps: 128 } as const;
  const tensors: number[] = [];
  for (const name of ['first', 'second']) {
    const training = train(settings, { path: join(folder, name) });
    await assert.rejects(train(settings, { path: join(folder, 'other') }), (error) => {
      assert.ok(isUserError(error));
      assert.equal(error.message, 'a training is under way in this process; await it first');
      return true;
    });
    await training;
    tensors.push(tf.memory().numTensors);
  }
  assert.equal(tensors[1], tensors[0]);
  assert.equal(tensors[0], 0);
});

test('TensorFlow takes its threads once in a process: others are refused, those in use are written down', async () => {
  const settings = { game: 'CartPole-v1', core: 'gru', hidden: 8, features: 8, rollout: 8, steps: 64 } as const;
  const threads = tensorFlowThreads();
  assert.ok(threads);
  await assert.rejects(train({ ...settings, threads: threads + 1 }, { path: join(folder, 'more') }), {
    message: new RegExp(`^--threads ${threads + 1}: this process has loaded TensorFlow with ${threads}, `),
  });
  assert.equal(existsSync(join(folder, 'more')), false);
  const { path } = await train(settings, { path: join(folder, 'as-many') });
  assert.equal(readConfig(path).options.threads, threads);
});
