import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Random } from '../../../agents/random.ts';
import { copyingBatch } from '../../../src/tasks/copying-experiment.ts';
import { sampleVideo } from '../plots/ball-samples.ts';
import { temporaryFolder } from '../runs/samples.ts';
import { MadeUpRuns } from '../runs/made-up-task-runs.ts';
import { run, runIn } from './command.ts';

test('tables prints ours beside the published figures, and what trains a row without a run', async (context) => {
  const runs = new MadeUpRuns(context);
  const paths = runs.copying([1, 2, 6]);
  runs.copying([4.5], { core: 'lstm', hidden: 600, learningRate: 0.01 });
  const going = runs.add({ options: { seed: 9 }, evaluations: [{ validation: { lastTen: 2.25 } }] });
  const [text, markdown, json] = await Promise.all([
    run('tables', runs.path, '--task', 'copying'),
    run('tables', ...paths, '--task', 'copying', '--markdown'),
    run('tables', runs.path, '--json'),
  ]);
  assert.deepEqual([text.code, markdown.code, json.code], [0, 0, 0], text.stderr + markdown.stderr + json.stderr);
  const lines = text.stdout.split('\n');
  const widths = [21, 24, 15, 15, 5, 11, 10, 0];
  const isWords = (i: number): boolean => [0, 1, 7].includes(i);
  const row = (...cells: string[]): string =>
    cells
      .map((cell, i) => (isWords(i) ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join('  ')
      .trimEnd();
  assert.deepEqual(lines.slice(0, 6), [
    'Copying: cross-entropy of the last ten symbols, in nats',
    '',
    row('model', 'figures', 'T = 50', 'T = 200', 'seeds', 'trained', 'parameters', 'from'),
    row('RIM 6 × 100, 4 active', 'ours', '0.2500 ± 0.0000', '3.0000 ± 2.6458', '3', '100 updates', '1,000'),
    row('', 'published', '–', '0.00', '', '', '', 'Goyal et al. 2019'),
    row(
      'RIM 6 × 100, 3 active',
      'ours',
      '–',
      '–',
      '0',
      '',
      '',
      'npm run task -- copying --core rim --active 3 --seeds 3',
    ),
  ]);
  assert.match(
    text.stdout,
    /\nLSTM 600 +ours, learning rate 0\.01 +0\.2500 +4\.5000 +1 +100 updates +1,000\n +published/,
  );
  assert.match(text.stdout, /\nTransformer +published +– +0\.54 +Goyal et al\. 2019\n/);
  assert.ok(
    text.stdout.includes(
      `\n- ${going} (copying, rim 6 × 100, 4 active, seed 9): evaluated last at update 100 of at most 10,000;`,
    ),
  );
  assert.ok(
    markdown.stdout.startsWith('### Copying: cross-entropy of the last ten symbols, in nats\n\n| model | figures |'),
  );
  assert.ok(markdown.stdout.includes('\n| RIM 6 × 100, 4 active | ours | 0.2500 ± 0.0000 | 3.0000 ± 2.6458 | 3 |'));
  assert.ok(markdown.stdout.includes('| `npm run task -- copying --core lstm --seeds 3` |'));
  const { tables } = JSON.parse(json.stdout) as {
    tables: { name: string; rows: { model: string; ours: { cells: object[] }[]; published: object | null }[] }[];
  };
  assert.deepEqual(tables[0]?.rows[0]?.ours[0]?.cells[1], { mean: 3, deviation: Math.sqrt(7), values: [1, 2, 6] });
  const cifar = tables.find(({ name }) => name === 'sequential-cifar');
  const { published } = cifar?.rows.find(({ model }) => model.startsWith('BRIM')) ?? {};
  assert.deepEqual(published, {
    ...{ cells: [null, 60.1, 57.7, 52.2], digits: 1, source: 'Mittal et al. 2020', unverified: true },
  });
});

test('a figure that a run does not have is filled by the same command as a row without one', async (context) => {
  const runs = new MadeUpRuns(context);
  runs.add({
    evaluations: [{ validation: { lastTen: 0.2 } }],
    tests: { validation: { value: 0.2, sets: { 'test-50': { lastTen: 0.25 } } } },
  });
  const { stdout } = await run('tables', runs.path, '--task', 'copying');
  assert.match(stdout, /\nRIM 6 × 100, 4 active +ours +0\.2500 +– .* npm run task -- copying --core rim --seeds 3\n/);
});

test('without a run tables says what was published, what is unverified, and how to fill rows', async (context) => {
  const { code, stdout, stderr } = await runIn(temporaryFolder(context), 'tables', '--markdown');
  assert.deepEqual([code, stderr], [0, '']);
  assert.match(stdout, /\n\|  \| published, unverified \| – \| 88\.6 \| 74\.2 \| 51\.4 \|/);
  assert.match(
    stdout,
    /\n\| LSTM 600 \| ours \|( – \|)+ 0 \|.*`npm run task -- sequential-mnist --core lstm --seeds 3`/,
  );
});

test('figures writes what there are runs for, and says for what there are none', async (context) => {
  const runs = new MadeUpRuns(context);
  const { inputs, targets } = copyingBatch(new Random(1), 20, 1);
  const sample = { inputs: [...inputs], targets: [...targets], outputs: [...targets] };
  const active = sample.inputs.map((_, step) => [1, step % 2]);
  const tests = { validation: { value: 1, sets: { 'test-200': { lastTen: 1 } } } };
  const evaluations = [{ validation: { lastTen: 2 } }, { validation: { lastTen: 1 } }];
  runs.add({ sample: { ...sample, active }, tests, evaluations });
  runs.add({ sample, tests, evaluations, options: { core: 'lstm' } });
  const { truthCells: _, rolledOutCells: __, ...video } = sampleVideo();
  const rollout = { '4balls': { rolloutCrossEntropy: Array.from({ length: 35 }, (_, i) => i) } };
  runs.add({
    ...{ task: 'bouncing-balls', evaluations: [{ validation: { nextFrame: 3 } }], sample: { videos: [video] } },
    tests: { validation: { value: 3, sets: rollout } },
  });
  const [svg, png] = [join(runs.path, 'figures', 'svg'), join(runs.path, 'figures', 'png')];
  const outcomes = await Promise.all([
    run('figures', runs.path, '--out', svg),
    run('figures', runs.path, '--out', png, '--type', 'png', '--task', 'copying'),
  ]);
  for (const { code, stderr } of outcomes) assert.equal(code, 0, stderr);
  const names = [
    ...['bouncing-balls-4balls-rim-6-85-4-active.gif', 'bouncing-balls-4balls-rim-6-85-4-active.svg'],
    ...['bouncing-balls-learning.svg', 'bouncing-balls-rollout-error.svg'],
    ...['copying-learning.svg', 'copying-modules-rim-6-100-4-active.svg'],
  ];
  assert.deepEqual(readdirSync(svg).sort(), names);
  assert.deepEqual(readdirSync(png).sort(), ['copying-learning.png', 'copying-modules-rim-6-100-4-active.png']);
  for (const name of names) assert.ok(outcomes[0].stdout.includes(`wrote ${join(svg, name)}\n`), name);
  assert.match(outcomes[0].stdout, /\nno accuracy against resolution of sequential-mnist: there is no finished run /);
  assert.equal(
    readFileSync(join(svg, names[0] as string))
      .subarray(0, 6)
      .toString('latin1'),
    'GIF89a',
  );
  for (const name of readdirSync(png)) {
    const picture = readFileSync(join(png, name));
    assert.equal(picture.subarray(0, 8).toString('latin1'), '\u0089PNG\r\n\u001a\n');
    assert.ok(picture.length > 10_000, 'a picture without its text would be smaller');
  }
});

test('what the user can mend is one line and exit code 2, and nothing is written', async (context) => {
  const [good] = new MadeUpRuns(context).copying([1]) as [string];
  const spoilt = new MadeUpRuns(context);
  const ended = { tests: { validation: { value: 1, sets: { 'test-200': { lastTen: 1 } } } } };
  spoilt.add({ ...ended, sample: { inputs: 'none' } });
  const empty = temporaryFolder(context);
  const out = join(empty, 'figures');
  const cases: ['tables' | 'figures', string[], RegExp][] = [
    ['tables', [empty], /no run of a sequence task in \S+; train one: npm run task -- copying/],
    ['tables', [good, '--task', 'copyng'], /there is nothing published of a task "copyng"; did you mean "copying"\?/],
    ['tables', [good, '--json', '--markdown'], /give one of them/],
    ['figures', [empty, '--out', out], /no run of a sequence task in \S+; train one: npm run task -- copying/],
    ['figures', [spoilt.path, '--out', out], /sample\.json is damaged/],
    [
      'figures',
      [good, '--task', 'atari', '--out', out],
      /there is nothing published of a task "atari"; there are copying, adding, /,
    ],
  ];
  await Promise.all(
    cases.map(async ([name, args, message]) => {
      const { code, stdout, stderr } = await run(name, ...args);
      assert.deepEqual([code, stdout], [2, ''], stderr);
      assert.match(stderr, /^error: [^\n]+\n$/);
      assert.match(stderr, message);
    }),
  );
  assert.equal(existsSync(out), false);
});

test('tables go between the marks of a page, and nothing else of it changes', async (context) => {
  const runs = new MadeUpRuns(context);
  runs.copying([1, 2]);
  const folder = temporaryFolder(context);
  const [page, bare] = [join(folder, 'page.md'), join(folder, 'bare.md')];
  writeFileSync(page, '# Copying\n\n<!-- tables -->\nold\n<!-- /tables -->\n\nafter\n');
  writeFileSync(bare, '# Copying\n');
  const [markdown, into, refused] = await Promise.all([
    run('tables', runs.path, '--task', 'copying', '--markdown'),
    run('tables', runs.path, '--task', 'copying', '--into', page),
    run('tables', runs.path, '--task', 'copying', '--into', bare),
  ]);
  assert.deepEqual([into.code, into.stdout, into.stderr], [0, '', '']);
  assert.equal(
    readFileSync(page, 'utf8'),
    `# Copying\n\n<!-- tables -->\n\n${markdown.stdout}\n<!-- /tables -->\n\nafter\n`,
  );
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /bare\.md has no marks <!-- tables --> and <!-- \/tables -->; put them/);
  assert.equal(readFileSync(bare, 'utf8'), '# Copying\n');
});
