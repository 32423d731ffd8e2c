import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pageOf } from '../page.ts';
import { type Measurement, plan } from './plan.ts';
import {
  emulatorRatio,
  emulatorRows,
  environmentsMeasured,
  environmentsSchema,
  environmentsText,
  type MeasuredTask,
  memoryRows,
  otherRows,
  vectorRatio,
  vectorRatioRows,
  vectorRows,
} from './report.ts';

const where = {
  date: '2026-01-31',
  command: 'npm run bench -- envs --json',
  machine: { processor: 'Some CPU', cores: 2 },
  versions: { node: '20.0.0', 'ale-py': '0.12.1' },
};

/**
 * Ours makes 300 and 200 of everything per second, others 100. Our pool doubles where there are 64 environments and 2
 * threads, and makes ten times as many where there are 16, where nobody else is measured.
 */
function measurements(): MeasuredTask[] {
  return plan(1).flatMap(({ of, task }: Measurement): MeasuredTask[] => {
    if (task.what === 'instances' || task.what === 'memory') {
      const [bytes, seconds] = of === 'ours' ? [3 * 2 ** 20, 0.01] : [2 ** 20, 0.04];
      return [
        { of, task, figure: 'bytes', rounds: [bytes, bytes] },
        { of, task, figure: 'seconds', rounds: [seconds, seconds] },
      ];
    }
    const isPool = task.what === 'steps' && task.by === 'pool' && task.threads === 2;
    const factor = isPool && task.envs === 64 ? 2 : isPool && task.envs === 16 ? 10 : 1;
    return [{ of, task, figure: 'perSecond', rounds: of === 'ours' ? [300 * factor, 200 * factor] : [100, 100] }];
  });
}

const measured = environmentsMeasured(measurements(), 1, 0.02, where);

test('one emulator is compared with ale-py by the geometric mean over the games', () => {
  const { best, median } = emulatorRatio(measured) ?? {};
  assert.ok(Math.abs((best ?? 0) - 3) < 1e-9 && Math.abs((median ?? 0) - 2.5) < 1e-9);
  assert.deepEqual(emulatorRows(measured)[1], ['breakout', '0', '300', '100', '3.00', '2.50']);
  assert.equal(emulatorRows(measured).length, 1 + 2 * 6);
});

test('vectors are compared at the best setting of each, ours where the other was measured too', () => {
  assert.equal(vectorRatio(measured, 'vector', 'ale-py')?.best, 3);
  assert.equal(vectorRatio(measured, 'pool', 'ale-py')?.best, 6);
  assert.equal(vectorRatio(measured, 'pool', 'gymnasium-sync')?.median, 2.5); // 8 environments alone
  assert.deepEqual(vectorRatioRows(measured)[1]?.slice(2), ['100', '3.00', '2.50', '6.00', '5.00']);
  assert.equal(vectorRatioRows(measured).length, 1 + 4);
});

test('vectors stand side by side, a line for each setting', () => {
  const [head = [], ...rows] = vectorRows(measured);
  assert.ok(rows.every((row) => row.length === head.length));
  assert.deepEqual(
    rows.find(([envs, batch, threads]) => envs === '64' && batch === 'all' && threads === '2'),
    [...['64', 'all', '2', '600 / 500', '300 / 250', '100 / 100', '100 / 100', '', '']],
  );
});

test('memory and creation are told in their units', () => {
  assert.deepEqual(otherRows(measured).slice(2), [
    ['memory per emulator', 'ale-py', '3.00 MiB', '1.00 MiB', '3.00'],
    ['creating an emulator, with its game', 'ale-py', '10.0 ms', '40.0 ms', '0.25'],
  ]);
  assert.deepEqual(memoryRows(measured)[1], ['our AtariPool', '64', '3.00 MiB', '10.0 ms']);
  assert.equal(memoryRows(measured).length, 1 + 5);
});

test('a partial measurement has the tables of what there is', () => {
  const frames = environmentsMeasured(
    measurements().filter(({ task }) => task.what === 'frames'),
    1,
    undefined,
    where,
  );
  assert.equal(vectorRatio(frames, 'vector', 'ale-py'), undefined);
  assert.match(environmentsText(frames), /geometric mean/);
});

test('what is printed as JSON is read again, and is on the page with its aims', () => {
  const page = pageOf([environmentsSchema.parse(JSON.parse(JSON.stringify(measured)))]);
  assert.match(page, /^\| one emulator, frames\/s, against ale-py \| 1 \| 1 \| 3\.00 \| 2\.50 \|$/m);
  assert.match(page, /^\| AtariVectorEnv, agent steps\/s, .* \| 1 \| 1\.5 \| 3\.00 \| 2\.50 \|$/m);
  assert.match(page, /^\| AtariPool, all environments .* \| 1 \| 1\.5 \| 6\.00 \| 5\.00 \|$/m);
  assert.match(page, /^\| 4 \| all \| 2 \| 300 \/ 250 \|/m);
});
