import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { comparisonReport } from '../../../src/compare/report/schema.ts';
import { readEvaluation } from '../../../src/evaluate/evaluation.ts';
import { readMetrics } from '../../../src/runs/index.ts';
import { madeUpRun } from '../runs/made-up-ppo-runs.ts';
import { run, runAndInterrupt } from './command.ts';

const scratch = mkdtempSync(join(tmpdir(), 'rim-agents-'));
after(() => rmSync(scratch, { recursive: true }));

async function refuses(args: readonly string[], message: RegExp): Promise<void> {
  const { code, stderr } = await run('compare', ...args);
  assert.match(stderr, message);
  assert.equal(stderr.trim().split('\n').length, 1, stderr);
  assert.equal(code, 2);
}

test('mistaken flags, and runs that are not comparable, are refused in one line', async () => {
  const out = join(scratch, 'refused');
  const [short = '', long = ''] = [1024, 2048].map((steps) =>
    madeUpRun(join(scratch, `${steps}`), { options: { steps } }),
  );
  const cases: [string, RegExp][] = [
    ['--cores rim', /--cores rim: a comparison has two arms at least/],
    [`${short} ${long}`, /^error: not comparable: agent steps: 1,024 in .* 2,048 in .*--anyway compares them/],
    [`${short} --steps 9`, /--steps says what to train, and run folders are only compared: leave it out/],
    [
      '--game breakout,cartpole --protocol v5 --plan',
      /--protocol v5 is of games of Atari, and CartPole-v1 is none; leave/,
    ],
    [`${short}`, /a comparison has two arms at least, and there is rim/],
  ];
  await Promise.all(cases.map(([args, message], i) => refuses([...args.split(' '), '--out', `${out}${i}`], message)));
  for (const i of cases.keys()) assert.equal(statSync(`${out}${i}`, { throwIfNoEntry: false }), undefined);
  const file = join(short, 'config.json');
  await refuses(
    ['--cores', 'gru,ff', '--out', file],
    /cannot make the folder .*: there is a file of that name; choose/,
  );
  await refuses([short, long, '--anyway', '--out', short], /--out .* is the folder of a run; give the comparison one/);
});

test('a comparison that was stopped goes on; a run that fails stops no other; all alike are compared', async () => {
  const out = join(scratch, 'comparison');
  const small = '--game cartpole --seeds 2 --steps 512 --envs 4 --rollout 16 --features 9 --hidden 6 --episodes 2';
  const wanted = [...small.split(' '), '--out', out];
  const started = [...wanted, '--cores', 'lstm,ff', '--at-once', '1'];
  const stopped = await runAndInterrupt({ text: 'lstm seed 1 is trained' }, 'compare', ...started);
  assert.equal(stopped.code, 0, stopped.stderr);
  assert.match(stopped.stdout, /Go on: npm run compare -- --game cartpole .*--cores lstm,ff --at-once 1\n/);
  const plan = await run('compare', ...started, '--plan');
  assert.match(plan.stdout, /CartPole-v1 +lstm +1 +finished/);
  assert.match(plan.stdout, /CartPole-v1 +ff +2 +missing/);
  const first = readMetrics(join(out, 'CartPole-v1-lstm-s1'));

  // No nine features are cut into two elements: the RIM's training fails when it begins.
  const { code, stdout, stderr } = await run('compare', ...wanted, '--cores', 'lstm,ff,rim', '--input-elements', '2');
  assert.deepEqual([code, stderr], [0, '']);
  assert.match(stdout, /CartPole-v1 rim seed 1 failed: 9 features cannot be cut into 2 input elements/);
  assert.match(stdout, /(lstm|ff) (is ahead of|and) (lstm|ff).*: IQM .* against .*; 2 seeds: too few to be sure\./);
  assert.deepEqual(readMetrics(join(out, 'CartPole-v1-lstm-s1')), first, 'what was finished is not trained again');

  const report = comparisonReport.parse(JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')));
  assert.deepEqual(
    report.arms.map(({ name, runs }) => [name, runs.map(({ seed }) => seed)]),
    [
      ['lstm', [1, 2]],
      ['ff', [1, 2]],
    ],
  );
  for (const { runs, aggregates, cost } of report.arms) {
    const means = runs.map(({ path }) => {
      const { games } = readEvaluation(join(path, 'evaluation.json'));
      return games.reduce((sum, { score }) => sum + score, 0) / games.length;
    });
    const [a = NaN, b = NaN] = means;
    assert.ok(Math.abs((aggregates?.iqm.estimate ?? NaN) - (a + b) / 2) < 1e-9);
    assert.deepEqual([aggregates?.iqm.low, aggregates?.iqm.high], [Math.min(a, b), Math.max(a, b)]);
    assert.equal(cost?.rounds.length, 3);
  }
  assert.ok(
    report.notes.some((note) => /^CartPole-v1 rim seed 2 is left out: its training failed \(9 features/.test(note)),
  );

  const page = readFileSync(join(out, 'report.html'), 'utf8');
  assert.doesNotMatch(page.replaceAll(/xmlns(:\w+)?="[^"]*"/g, ''), /https?:|<script|<link|<img|url\(/);
  assert.match(page, /Content-Security-Policy/);
  const text = readFileSync(join(out, 'report.md'), 'utf8');
  assert.ok(text.includes(`**${report.verdict.sentence}**`));
  const shown = [...text.matchAll(/\]\((pictures\/.*?)\)/g)].map(([, path]) => path as string);
  assert.deepEqual(
    shown.sort(),
    readdirSync(join(out, 'pictures'))
      .map((name) => `pictures/${name}`)
      .sort(),
  );
});
