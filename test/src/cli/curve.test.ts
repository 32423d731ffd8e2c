import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { RunFolder } from '../../../src/runs/run-folder.ts';
import { sampleEpisode, sampleMetric, settings, temporaryFolder } from '../runs/samples.ts';

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command of src/cli, as its npm script does. */
function run(name: 'curve' | 'view', ...args: string[]): Promise<Outcome> {
  const file = new URL(`../../../src/cli/${name}.ts`, import.meta.url).pathname;
  return new Promise((resolve) => {
    execFile(process.execPath, ['--import', 'tsx', file, ...args], (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, stdout, stderr }),
    );
  });
}

/** A run of `games` games, 100 agent steps apart, with scores 0, 1, 2, ...; and an update every 4,096 steps. */
function makeRun(context: TestContext, games: number, core = 'rim', seed = 1, score = (game: number) => game): string {
  const path = join(temporaryFolder(context), 'run');
  const folder = RunFolder.create(path, { ...settings, options: { game: 'Breakout', core, seed, steps: 100_000 } });
  for (let game = 0; game < games; game++) {
    const { activation, ...episode } = sampleEpisode((game + 1) * 100, score(game), 100 + game);
    folder.episode(core === 'rim' ? { ...episode, activation } : { ...episode, activation: { nearZero: 0.5 } });
  }
  for (let update = 1; update * 4096 <= games * 100; update++)
    folder.metric({ ...sampleMetric(update), agentStep: update * 4096 });
  folder.close();
  return path;
}

test('curve writes the mean score of the last 100 games against agent steps', async (context) => {
  const path = makeRun(context, 250);
  const { code, stdout, stderr } = await run('curve', path, '--json');
  assert.equal(code, 0, stderr);
  const [first] = (JSON.parse(stdout) as { runs: Record<string, unknown>[] }).runs;
  // Scores are 0, 1, 2, ...: the mean of the last 100 up to game i is that of the first and the last of them.
  const expected = Array.from({ length: 250 }, (_, i) => ({
    agentStep: (i + 1) * 100,
    meanScore: (Math.max(0, i - 99) + i) / 2,
  }));
  assert.deepEqual(first?.['curve'], expected);
  assert.deepEqual(
    [first?.['games'], first?.['agentSteps'], first?.['final'], first?.['best']],
    [250, 25_000, 199.5, 199.5],
  );
  // 3 games in each stretch; odd scores have shares 1 and 0, even ones a quarter and
  // three; each game counts by its steps.
  const shares = first?.['shares'] as { agentStep: number; shares: number[] }[];
  assert.equal(shares.length, 84);
  assert.equal(shares[0]?.agentStep, 300);
  const share = (0.25 * 100 + 1 * 101 + 0.25 * 102) / 303;
  assert.ok(Math.abs((shares[0]?.shares[0] ?? 0) - share) < 1e-12);
  for (const point of shares) assert.ok(Math.abs(point.shares.reduce((a, b) => a + b, 0) - 1) < 1e-12);
});

test('curve prints a table: one column per run, one row per stretch of steps', async (context) => {
  const [rim, lstm] = [makeRun(context, 250), makeRun(context, 120, 'lstm')];
  const { code, stdout } = await run('curve', rim, lstm);
  assert.equal(code, 0);
  const rows = stdout
    .trimEnd()
    .split('\n')
    .map((row) => row.trim().split(/ {2,}/));
  assert.deepEqual(rows[1], ['agent steps', 'Breakout, rim, seed 1', 'Breakout, lstm, seed 1']);
  assert.deepEqual(
    rows.slice(2).map(([step]) => step),
    ['5,000', '10,000', '15,000', '20,000', '25,000', 'games', 'best'],
  );
  assert.deepEqual(rows[3], ['10,000', '49.5', '49.5']);
  assert.deepEqual(rows[4], ['15,000', '99.5']);
  assert.deepEqual(rows.slice(-2), [
    ['games', '250', '120'],
    ['best', '199.5', '69.5'],
  ]);
});

test('the best mean is one of a hundred games, not of a lucky first one', async (context) => {
  const path = makeRun(context, 150, 'lstm', 1, (game) => (game === 0 ? 500 : 1));
  const { stdout } = await run('curve', path, '--json');
  const [first] = (JSON.parse(stdout) as { runs: { best: number; final: number }[] }).runs;
  assert.deepEqual([first?.best, first?.final], [(500 + 99) / 100, 1]);
});

test('curve draws every run, the reference, and the modules of runs that have them', async (context) => {
  const [rim, lstm] = [makeRun(context, 250), makeRun(context, 120, 'lstm')];
  const folder = temporaryFolder(context);
  const [svg, png] = [join(folder, 'curve.svg'), join(folder, 'curve.png')];
  const outcomes = await Promise.all([
    run('curve', rim, lstm, '--out', svg, '--reference', 'random & policy=1.5'),
    run('curve', lstm, '--out', png),
  ]);
  for (const { code, stderr } of outcomes) assert.equal(code, 0, stderr);
  const drawn = readFileSync(svg, 'utf8');
  assert.match(drawn, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
  for (const text of [
    'Breakout, rim, seed 1',
    'Breakout, lstm, seed 1',
    'random &amp; policy',
    'agent steps',
    'module 0',
    'module 1',
  ])
    assert.ok(drawn.includes(text), text);
  assert.equal(drawn.match(/aria-label="line"/g)?.length, 4, 'two learning curves and two modules');
  assert.equal(readFileSync(png).subarray(0, 8).toString('latin1'), '\u0089PNG\r\n\u001a\n');
  // A picture without its text would be far smaller.
  assert.ok(readFileSync(png).length > 20_000);
});

test('view shows a run from its folder, as text or as a picture of the live view', async (context) => {
  const path = makeRun(context, 250);
  const svg = join(temporaryFolder(context), 'view.svg');
  const [text, earlier, picture] = await Promise.all([
    run('view', path),
    run('view', path, '--step', '9000'),
    run('view', path, '--out', svg),
  ]);
  assert.equal(
    text.stdout,
    'Breakout · rim · seed 1: 24,576 of 100,000 agent steps, 4,096 steps/s, 18 s left, 12 games, mean score of ' +
      'the last 100 1.50, modules active 0.25 0.75\n',
  );
  assert.match(earlier.stdout, /: 8,192 of 100,000/);
  assert.equal(picture.code, 0, picture.stderr);
  const drawn = readFileSync(svg, 'utf8');
  for (const part of ['Breakout · rim · seed 1', '24,576 of 100,000', '0.75']) assert.ok(drawn.includes(part), part);
});

test('what the user can mend is one line and exit code 2, and nothing is written', async (context) => {
  const folder = temporaryFolder(context);
  const good = makeRun(context, 3);
  const empty = makeRun(context, 0);
  const broken = makeRun(context, 3);
  writeFileSync(join(broken, 'episodes.jsonl'), '{"env":1}\n');
  const plain = join(folder, 'plain');
  mkdirSync(plain);
  const out = join(folder, 'out.svg');
  const cases: ['curve' | 'view', string[], RegExp][] = [
    ['curve', [], /missing required argument 'runs'/],
    ['curve', [join(folder, 'none'), '--out', out], /no folder \S+none; run folders lie in runs\//],
    ['curve', [plain, '--out', out], /is no run folder: it has no config\.json/],
    ['curve', [empty, '--out', out], /has no finished game yet/],
    ['curve', [broken, '--out', out], /episodes\.jsonl, line 1 is damaged/],
    ['curve', [good, '--outt', out], /unknown option '--outt' \(Did you mean --out\?\)/],
    [
      'curve',
      [good, '--out', 'curve.gif'],
      /--out curve\.gif is no known type of picture; end the name in \.svg or \.png/,
    ],
    ['curve', [good, '--out', join(folder, 'none', 'x.svg')], /cannot write \S+x\.svg: no such file or folder/],
    ['curve', [good, '--reference', 'random', '--out', out], /--reference random is no name with a score/],
    ['view', [empty], /has no update yet/],
    ['view', [good, '--step', 'x'], /--step x is not a whole number/],
  ];
  // A few at a time: each is a process.
  for (let i = 0; i < cases.length; i += 3)
    await Promise.all(
      cases.slice(i, i + 3).map(async ([name, args, message]) => {
        const { code, stdout, stderr } = await run(name, ...args);
        assert.deepEqual([code, stdout], [2, ''], stderr);
        assert.match(stderr, /^error: [^\n]+\n$/);
        assert.match(stderr, message);
      }),
    );
  assert.equal(existsSync(out), false);
});

test('--help says what every flag does, and exits with 0', async () => {
  for (const name of ['curve', 'view'] as const) {
    const { code, stdout, stderr } = await run(name, '--help');
    assert.deepEqual([code, stderr], [0, '']);
    assert.match(stdout, new RegExp(`^Usage: npm run ${name} -- `));
    assert.match(stdout, /--out <file> /);
  }
});
