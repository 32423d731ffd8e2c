import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { RunFolder } from '../../../src/runs/run-folder.ts';
import { run } from './command.ts';
import { sampleEpisode, sampleMetric, settings, temporaryFolder } from '../runs/samples.ts';

/** A run of `games` games, 100 agent steps apart, with scores 0, 1, 2, ...; and an update a second, of 4,096 steps. */
function makeRun(context: TestContext, games: number, core = 'rim'): string {
  const path = join(temporaryFolder(context), 'run');
  const folder = RunFolder.create(path, { ...settings, options: { game: 'Breakout', core, seed: 1, steps: 100_000 } });
  for (let game = 0; game < games; game++) {
    const { activation, ...episode } = sampleEpisode((game + 1) * 100, game, 100 + game);
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

test('curve prints a table: one column per run, one row per round number of steps', async (context) => {
  const [rim, lstm] = [makeRun(context, 250), makeRun(context, 120, 'lstm')];
  const { code, stdout } = await run('curve', rim, lstm);
  assert.equal(code, 0);
  // The second run ends at 12,000 steps: it has no score at 15,000.
  assert.equal(
    stdout,
    `mean score of the last 100 games
                      Breakout           Breakout
                           rim               lstm
                        seed 1             seed 1
         5k               24.5               24.5
        10k               49.5               49.5
        15k               99.5                  –
        20k              149.5                  –
        25k              199.5                  –
        end              199.5               69.5
       best              199.5               69.5
      games                250                120
agent steps  25,000 of 100,000  12,000 of 100,000
    steps/s              1,024              1,024
       time                6 s                2 s
`,
  );
});

test('curve --what memory tells of resident memory, as table, numbers and picture', async (context) => {
  const path = makeRun(context, 3000);
  const svg = join(temporaryFolder(context), 'memory.svg');
  const [table, numbers] = await Promise.all([
    run('curve', path, '--what', 'memory', '--out', svg),
    run('curve', path, '--what', 'memory', '--json'),
  ]);
  assert.equal(table.code, 0, table.stderr);
  // 73 updates, a second and 1e9 bytes each; those from the 60th on count.
  assert.match(table.stdout, /^resident memory: .*\n +Breakout\n +rim\n +seed 1\n/);
  assert.match(table.stdout, /agent steps +245,760 to 299,008\nMiB after 1 minute +954\n/);
  assert.match(
    table.stdout,
    /\n +growth +0\.0 %\n +since halfway +0\.0 %\n +largest +954\n +tensors +60\n\nwrote .*memory\.svg\n$/,
  );
  const drawn = readFileSync(svg, 'utf8');
  for (const text of ['Breakout, rim, seed 1', 'MiB', 'agent steps']) assert.ok(drawn.includes(text), text);
  const [first] = (JSON.parse(numbers.stdout) as { runs: { growth: object; curve: object[] }[] }).runs;
  assert.equal(first?.curve.length, 73);
  assert.deepEqual(first.curve[0], { agentStep: 4096, bytes: 1e9 });
  assert.deepEqual(first.growth, {
    ...{ fromStep: 245_760, toStep: 299_008, first: 1e9, middle: 1e9, last: 1e9 },
    ...{ growth: 0, laterGrowth: 0 },
  });
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
  assert.equal(drawn.match(/aria-label="dot"/g)?.length, 2, 'the end of each run');
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
  const cases: ['curve' | 'report' | 'view', string[], RegExp][] = [
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
    ['curve', [good, '--out', join(good, 'config.json', 'x.svg')], /cannot make the folder \S+: there is a file/],
    ['curve', [good, '--reference', 'random', '--out', out], /--reference random is no name with a score/],
    ['curve', [good, '--what', 'speed', '--out', out], /'speed' is invalid\. Allowed choices are scores, memory\./],
    ['curve', [empty, '--what', 'memory', '--out', out], /has no update yet/],
    ['curve', [good, '--what', 'memory', '--reference', 'x=1', '--out', out], /--what memory shows none/],
    ['report', [], /missing required argument 'runs'/],
    ['report', [plain, '--pictures', join(folder, 'p')], /is no run folder: it has no config\.json/],
    ['report', [good, '--picture', out], /unknown option '--picture' \(Did you mean --pictures\?\)/],
    ['report', [good, '--pictures', join(good, 'config.json', 'p')], /cannot make \S+/],
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
  for (const name of ['curve', 'report', 'view'] as const) {
    const { code, stdout, stderr } = await run(name, '--help');
    assert.deepEqual([code, stderr], [0, '']);
    assert.match(stdout, new RegExp(`^Usage: npm run ${name} -- `));
    assert.match(stdout, /--out <file> /);
  }
});
