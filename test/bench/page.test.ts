import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { UserError } from '../../src/errors.ts';
import { againstPeak, type LearnerTimes, operationsOf, speedup } from './learner-report.ts';
import { pageOf, readMeasured } from './page.ts';
import { compare } from './report.ts';
import { type SequenceSpeeds, sequenceRows, speedupOf } from './sequence-report.ts';

const where = {
  date: '2026-01-31',
  command: 'npm run bench -- learner --json',
  machine: { processor: 'Some CPU', cores: 2 },
  versions: { node: '20.0.0', torch: '2.0.0' },
};
const learner: LearnerTimes = {
  kind: 'learner',
  ...where,
  peak: { float32Gflops: 200, bf16Gflops: null, threads: 2 },
  repetitions: 3,
  measured: [
    { stage: 'torso', by: 'float32', rounds: [80, 76] },
    { stage: 'torso', by: 'pytorch', rounds: [160, 228] },
    { stage: 'minibatch rim', by: 'float32', rounds: [100, 100] },
    { stage: 'minibatch rim', by: 'pytorch', rounds: [600, 500] },
  ],
};
const measured = (training: string, ours: number[], pytorch: number[]): SequenceSpeeds['measured'] => [
  { training, by: 'ours', parameters: 10, rounds: ours },
  { training, by: 'pytorch', parameters: 12, rounds: pytorch },
];
const sequence: SequenceSpeeds = {
  kind: 'sequence',
  ...where,
  steps: 4,
  measured: [...measured('copying rim', [8, 9], [1, 1.5]), ...measured('copying lstm', [5, 6], [4, 5])],
};
const docs = fileURLToPath(new URL('../../docs/', import.meta.url));

test("the torso's operations are those of its four layers, three times but for the gradient of the frames", () => {
  // 3.277, 2.654, 1.806 and 1.599 million multiply-adds forward.
  const forward = 3276800 + 2654208 + 1806336 + 1599360;
  assert.equal(operationsOf('torso'), 256 * 2 * (3 * forward - 3276800));
  assert.equal(operationsOf('core lstm'), 256 * 6 * (510 + 512) * 2048);
  assert.equal(operationsOf('optimiser'), undefined);
});

test("stages are compared with PyTorch's best and within rounds, and with the time at the peak", () => {
  const { best = NaN, median } = speedup(learner, 'torso', 'float32') ?? {};
  assert.ok(Math.abs(best - 160 / 76) < 1e-12);
  assert.equal(median, 2.5);
  const atPeak = (operationsOf('torso') as number) / 200e9;
  assert.ok(Math.abs((againstPeak(learner, 'torso', 'float32')?.best ?? 0) - 0.076 / atPeak) < 1e-9);
  assert.equal(againstPeak(learner, 'torso', 'bf16'), undefined);
});

test("training steps per second are compared with PyTorch's, best and within rounds", () => {
  assert.deepEqual(speedupOf(sequence, 'copying lstm'), {
    best: 6 / 5,
    median: (5 / 4 + 6 / 5) / 2,
    rounds: [5 / 4, 6 / 5],
  });
  assert.equal(speedupOf(sequence, 'sequential-mnist lstm'), undefined);
  assert.deepEqual(sequenceRows(sequence)[1]?.slice(-3), ['6.00', '7.00', '8.00  6.00']);
});

test('the page has the aims, what was measured, and where', () => {
  const contestants = ['rim', 'lstm'].map((id) => ({ id, title: `our ${id}` }));
  const runs = contestants.map(({ id }, i) => ({
    ...{ contestant: id, round: 1, stepsPerSecond: 300 - 100 * i, firstUpdateSeconds: 3, updateSeconds: [3, 5] },
  }));
  const training = compare(contestants, runs, where, { warmup: 1, updates: 1, seconds: 1 });
  const page = pageOf([training, learner, sequence]);
  assert.match(page, /^\| RIM against our LSTM 512 \| 1 \| 1\.3 \| 1\.50 \| 1\.50 \|$/m);
  assert.match(page, /^\| the same in bf16 \| 3\.5 \| 5 \| not measured \|  \|$/m);
  assert.match(page, /^\| RIM minibatch .* \| 5 \| 8 \| 5\.00 \| 5\.50 \|$/m);
  assert.match(page, /^\| copying, RIM, training steps\/s .* \| 5 \| 8 \| 6\.00 \| 7\.00 \|$/m);
  assert.match(page, /^\| sequential MNIST, RIM, .* \| not measured \|  \|$/m);
  assert.match(page, /Some CPU, 2 cores; node 20\.0\.0, torch 2\.0\.0; 2026-01-31\./);
});

test('a file that is not a measurement is named', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'rim-agents-page-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'other.json');
  writeFileSync(file, '{"kind": "training"}');
  assert.throws(
    () => readMeasured(file),
    (error) => error instanceof UserError && error.message.startsWith(file),
  );
});

test('the committed page is what the committed measurements make', (t) => {
  const files = ['training', 'learner', 'sequence', 'envs']
    .map((name) => join(docs, 'benchmarks', `${name}.json`))
    .filter(existsSync);
  if (files.length === 0) return t.skip('nothing measured yet');
  assert.equal(readFileSync(join(docs, 'benchmarks.md'), 'utf8'), pageOf(files.map(readMeasured)));
});
