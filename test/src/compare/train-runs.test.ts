import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { plannedArms } from '../../../src/compare/arms.ts';
import { runCommandInChild } from '../../../src/compare/child-process.ts';
import { plannedRuns } from '../../../src/compare/plan.ts';
import { trainRuns } from '../../../src/compare/train-runs.ts';
import { temporaryFolder } from '../runs/samples.ts';

/** Runs the text in every process that is started from here on, before its own program. */
function preload(context: TestContext, text: string): void {
  const file = join(temporaryFolder(context), 'preload.cjs');
  writeFileSync(file, text);
  const before = process.env['NODE_OPTIONS'];
  process.env['NODE_OPTIONS'] = `--require ${file}`;
  context.after(() => {
    if (before === undefined) delete process.env['NODE_OPTIONS'];
    else process.env['NODE_OPTIONS'] = before;
  });
}

const runs = (folder: string) =>
  plannedRuns(folder, plannedArms(['lstm'], ['CartPole-v1'], { steps: 64 }), ['CartPole-v1'], [1, 2]);

test('a run that is stopped before it can listen is stopped, whatever it had said by then', async (context) => {
  const folder = temporaryFolder(context);
  const said = join(folder, 'said');
  preload(
    context,
    `process.stderr.write('a warning\\n', () => require('node:fs').writeFileSync(${JSON.stringify(said)}, ''));
    const until = Date.now() + 20_000;
    setImmediate(() => { while (Date.now() < until); });`,
  );
  const stop = new AbortController();
  const training = trainRuns(runs(folder), { runs: 1, threads: 1 }, { report: () => undefined, signal: stop.signal });
  while (!existsSync(said)) await pause(20);
  stop.abort();
  const ended = await training;
  assert.deepEqual(
    ended.map(({ phase, said }) => [phase, said]),
    [
      ['stopped', undefined],
      ['waiting', undefined],
    ],
  );
});

test('a run that fails, or cannot be read, is told with its words and stops no other', async (context) => {
  const folder = temporaryFolder(context);
  preload(
    context,
    `process.stderr.write('Warning: slow\\nerror: no luck\\nmore\\n');
    process.exit(process.argv.join(' ').includes('--seed 1 ') ? 2 : 0);`,
  );
  const wanted = runs(folder);
  // What cannot be read is not known, neither while the run is going nor at its end.
  mkdirSync(join(wanted[1]?.path ?? '', 'metrics.jsonl'), { recursive: true });
  mkdirSync(join(wanted[1]?.path ?? '', 'log.jsonl'));
  const { signal } = new AbortController();
  const ended = await trainRuns(wanted, { runs: 1, threads: 1 }, { report: () => undefined, signal });
  assert.deepEqual(
    ended.map(({ phase }) => phase),
    ['failed', 'failed'],
  );
  assert.equal(ended[0]?.said, 'no luck');
  assert.match(ended[1]?.said ?? '', /^cannot read .*log\.jsonl/);
});

test('a run that goes on is told what this start decides anew, and nothing that it was begun with', async (context) => {
  const folder = temporaryFolder(context);
  const told = join(folder, 'told');
  preload(
    context,
    `require('node:fs').writeFileSync(${JSON.stringify(told)}, process.argv.join(' ')); process.exit(0);`,
  );
  const arms = plannedArms(['lstm'], ['CartPole-v1'], {
    steps: 64,
    checkpointEvery: 5,
    hidden: 7,
    kernels: 'portable',
  });
  const [planned] = plannedRuns(folder, arms, ['CartPole-v1'], [1]);
  assert.ok(planned);
  const { signal } = new AbortController();
  const goingOn = { ...planned, state: 'partly trained' } as const;
  await trainRuns([goingOn], { runs: 1, threads: 1 }, { report: () => undefined, signal });
  const flags = readFileSync(told, 'utf8').split('/ppo.ts ')[1];
  assert.equal(flags, `--resume ${planned.path} --threads 1 --workers 1 --checkpoint-every 5 --kernels portable`);
});

test('many processes at once warn of nothing, and each that is stopped ends by the signal', async () => {
  const warnings: Error[] = [];
  const note = (warning: Error): void => void warnings.push(warning);
  process.on('warning', note);
  const signal = AbortSignal.abort();
  const endings = await Promise.all(Array.from({ length: 12 }, () => runCommandInChild('evaluate', [], signal)));
  await pause(0);
  process.off('warning', note);
  assert.deepEqual(warnings, []);
  for (const ending of endings) assert.deepEqual(ending, { ok: false, killedBy: 'SIGINT', said: 'killed by SIGINT' });
});
