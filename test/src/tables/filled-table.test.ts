import assert from 'node:assert/strict';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Command } from 'commander';
import { addFlags, parse } from '../../../src/cli/flags.ts';
import { checked } from '../../../src/settings/checked.ts';
import { refuseUnusedCore } from '../../../src/settings/core-settings.ts';
import { RunFolder } from '../../../src/runs/run-folder.ts';
import { readTaskRuns } from '../../../src/runs/task-runs.ts';
import { filledTable, misfits, type OwnLine, settingsOfRow } from '../../../src/tables/filled-table.ts';
import { outsideRuns, unfinishedRuns } from '../../../src/tables/left-over.ts';
import type { PaperTable } from '../../../src/tables/paper-table.ts';
import { paperTables } from '../../../src/tables/published/index.ts';
import { tasks } from '../../../src/tasks/index.ts';
import type { TrainingSettings } from '../../../src/tasks/settings.ts';
import { settings, temporaryFolder } from '../runs/samples.ts';
import { MadeUpRuns } from '../runs/made-up-task-runs.ts';

function tableNamed(name: string): PaperTable {
  return paperTables.find((table) => table.name === name) as PaperTable;
}

/** Our lines in a row of a table. */
function linesOf(name: string, row: string, folder: string): readonly OwnLine[] {
  const { rows } = filledTable(tableNamed(name), readTaskRuns([folder]));
  return rows.find((one) => one.row.name === row)?.own ?? [];
}

test('a cell is mean and sample standard deviation over the seeds of one arm', (context) => {
  const runs = new MadeUpRuns(context);
  const paths = runs.copying([1, 2, 6]);
  const [line, ...others] = linesOf('copying', 'RIM 6 × 100, 4 active', runs.path);
  assert.deepEqual(others, []);
  assert.deepEqual([line?.seeds, line?.runs, line?.updates], [[1, 2, 3], paths, [100, 100, 100]]);
  // (1 + 2 + 6) / 3, and the root of (4 + 1 + 9) / 2
  assert.deepEqual(line?.cells, [
    { mean: 0.25, deviation: 0, values: [0.25, 0.25, 0.25] },
    { mean: 3, deviation: Math.sqrt(7), values: [1, 2, 6] },
  ]);
  runs.copying([5], { core: 'lstm', hidden: 600 });
  const [single] = linesOf('copying', 'LSTM 600', runs.path);
  assert.deepEqual(single?.cells[1], { mean: 5, deviation: null, values: [5] });
});

test('settings decide to which row a run belongs, and other arms of a row stand in lines of their own', (context) => {
  const runs = new MadeUpRuns(context);
  runs.copying([1]);
  runs.copying([2], { active: 3, seed: 7, threads: 9, kernels: 'portable' });
  runs.copying([3], { communication: false });
  runs.copying([4, 6], { dropout: 0.5 });
  runs.copying([9], { hidden: 5 }); // does nothing in a rim: the newer run of seed 1
  const values = (table: string, row: string) =>
    linesOf(table, row, runs.path).map(({ settings, cells }) => [settings, cells[1]?.values]);
  const full = [
    [{}, [9]],
    [{ dropout: 0.5 }, [4, 6]],
  ];
  assert.deepEqual(values('copying', 'RIM 6 × 100, 4 active'), full);
  assert.deepEqual(values('copying', 'RIM 6 × 100, 3 active'), [[{}, [2]]]);
  assert.deepEqual(values('copying', 'RIM 6 × 100, 2 active'), []);
  assert.deepEqual(values('copying-ablations', 'RIM 6 × 100, 4 active'), full);
  assert.deepEqual(values('copying-ablations', '4 active, no communication'), [[{}, [3]]]);
});

test('networks are chosen by validation images of the learned size, and as the paper does, side by side', (context) => {
  const runs = new MadeUpRuns(context);
  const chosen = (accuracies: readonly number[], sizes: readonly number[]) => ({
    value: 0.99,
    sets: Object.fromEntries(sizes.map((size, i) => [`test-${size}`, { accuracy: accuracies[i] as number }])),
  });
  runs.add({
    task: 'sequential-mnist',
    updatesPerEpoch: 50,
    evaluations: [{}, {}],
    options: { core: 'lstm' },
    tests: {
      validation: chosen([0.75, 0.5, 0.25, 0.125], [14, 16, 19, 24]),
      'paper-16': chosen([0.625], [16]),
      'paper-19': chosen([0.375], [19]),
      'paper-24': chosen([0.1875], [24]),
    },
  });
  const lines = linesOf('sequential-mnist', 'LSTM 600', runs.path);
  assert.deepEqual(
    lines.map(({ selection, epochs, cells }) => [selection, epochs, cells.map((cell) => cell?.mean)]),
    [
      ['', [4], [75, 50, 25, 12.5]],
      ["the paper's selection", [4], [undefined, 62.5, 37.5, 18.75]],
    ],
  );
});

test('runs on other data than the published are lines of their own; a text is known by its content', (context) => {
  const runs = new MadeUpRuns(context);
  const tests = { validation: { value: 0.5, sets: { 'test-14': { accuracy: 0.5 } } } };
  const few = 'MNIST, 200 + 100 images, sha256 0123456789ab';
  const mnist = (options: object, data?: string) =>
    runs.add({ ...{ task: 'sequential-mnist', tests, options: { core: 'lstm', ...options } }, ...(data && { data }) });
  const whole = [
    mnist({ seed: 1 }, 'MNIST, 60,000 + 10,000 images, sha256 abcdef012345'),
    mnist({ seed: 2, data: '/elsewhere' }, 'MNIST, 60,000 + 10,000 images, sha256 abcdef012345'),
    mnist({ seed: 3 }),
  ];
  const part = mnist({ seed: 1 }, few);
  assert.deepEqual(
    linesOf('sequential-mnist', 'LSTM 600', runs.path).map((line) => [line.settings, line.runs]),
    [
      [{}, whole],
      [{ data: few }, [part]],
    ],
  );
  const reached = { validation: { value: 99, sets: { validation: { perplexity: 99 }, test: { perplexity: 98 } } } };
  const text = (data: string, folder?: string) =>
    runs.add({ ...{ task: 'language-model', data, tests: reached }, options: { ...(folder && { data: folder }) } });
  const made = {
    'wikitext-2': text('WikiText-2, 2,088,628 + 217,646 + 245,569 words, sha256 0', 'my-text'),
    'wikitext-103': text('WikiText-103, 103,227,021 + 217,646 + 245,569 words, sha256 0', 'wikitext-2'),
    'shipped-text': text('Moby Dick, 200,000 + 10,000 + 10,000 words, sha256 0'),
  };
  const own = text('text, 10 + 10 + 10 words, sha256 0', 'wikitext-103');
  for (const [table, path] of Object.entries(made))
    assert.deepEqual(
      linesOf(table, 'RIM', runs.path).map((line) => line.runs),
      [[path]],
      table,
    );
  const all = readTaskRuns([runs.path]);
  const outside = outsideRuns(
    all,
    paperTables.map((table) => filledTable(table, all)),
  );
  assert.deepEqual(
    outside.map(({ run }) => run),
    [own],
  );
  assert.match(outside[0]?.reason ?? '', /^differs from "RIM" of "Language model, .*": data text \(there data \S.*\)$/);
});

test('rolled-out steps are taken from lists, a set for each table', (context) => {
  const runs = new MadeUpRuns(context);
  const rollout = (first: number) => Array.from({ length: 35 }, (_, i) => first + i);
  runs.add({
    task: 'bouncing-balls',
    tests: {
      validation: {
        value: 3,
        sets: {
          '4balls': { rolloutCrossEntropy: rollout(1), meanRolloutSquaredError: 0.25 },
          curtain: { rolloutCrossEntropy: rollout(101), meanRolloutSquaredError: 0.125 },
        },
      },
    },
  });
  const means = (table: string) =>
    linesOf(table, 'RIM 6 × 85, 4 active', runs.path)[0]?.cells.map((cell) => cell?.mean);
  assert.deepEqual(means('bouncing-balls-4balls'), [1, 5, 15, 35, 0.25]);
  assert.deepEqual(means('bouncing-balls-curtain'), [101, 105, 115, 135, 0.125]);
  assert.deepEqual(means('bouncing-balls-678balls'), undefined);
});

test('runs without a result are told with how far they are, those in no table with what differs', (context) => {
  const runs = new MadeUpRuns(context);
  const evaluations = [{ validation: { lastTen: 2 } }, { validation: { lastTen: 1 } }];
  const going = runs.add({ options: { seed: 3 }, evaluations });
  const resumed = runs.add({ evaluations, tests: { validation: { value: 1, sets: { 'test-200': { lastTen: 1 } } } } });
  const small = runs.copying([1], { units: 12, dropout: 0.5 });
  const untested = runs.add({ task: 'bouncing-balls', tests: { validation: { value: 1, sets: {} } } });
  const [old] = runs.copying([1], { active: 2 });
  runs.copying([2], { active: 2 });
  const all = readTaskRuns([runs.path]);
  const beyond = all.map((run) => (run.path === resumed ? { ...run, result: undefined } : run));
  assert.deepEqual(
    unfinishedRuns(beyond).map(({ run, seed, update, updates, sets }) => ({ run, seed, update, updates, sets })),
    [
      { run: going, seed: 3, update: 200, updates: 10_000, sets: { validation: { lastTen: 1 } } },
      { run: resumed, seed: 1, update: 200, updates: 10_000, sets: { validation: { lastTen: 1 } } },
    ],
  );
  const finished = beyond.filter(({ result }) => result);
  const tables = paperTables.map((table) => filledTable(table, finished));
  const outside = outsideRuns(beyond, tables);
  assert.deepEqual(
    outside.map(({ run, arm }) => [run, arm]),
    [
      [small[0], 'rim 6 × 12, 4 active, dropout 0.5'],
      [untested, 'rim 6 × 85, 4 active'],
      [old, 'rim 6 × 100, 2 active'],
    ],
  );
  assert.match(
    outside[0]?.reason ?? '',
    /differs from "RIM 6 × 100, 4 active" of "Copying": units 12 \(there units 100\)/,
  );
  for (const { reason } of outside.slice(1))
    assert.match(reason, /a newer run has its seed, or it was not tested on what the table asks for/);
});

test('runs are found at and below folders; what cannot be read is told in one line', (context) => {
  const runs = new MadeUpRuns(context);
  const [path] = runs.copying([1]) as [string];
  const ppo = join(runs.path, 'ppo');
  RunFolder.create(ppo, settings).close();
  const paths = (...folders: string[]) => readTaskRuns(folders).map((run) => run.path);
  assert.deepEqual(paths(runs.path), [path], 'PPO is left out');
  assert.deepEqual(paths(path, runs.path), [path], 'once');
  const linked = temporaryFolder(context);
  symlinkSync(path, join(linked, 'run'));
  assert.deepEqual(paths(linked), [join(linked, 'run')], 'a link to a run');
  writeFileSync(join(linked, 'file'), '');
  assert.throws(() => paths(path, join(linked, 'file')), /file is a file; name run folders/);
  assert.throws(() => paths(ppo), /is a run of PPO, not of a sequence task; npm run ppo/);
  assert.throws(() => paths(join(path, 'none')), /no folder .*none; run folders lie in runs/);
  for (const [file, text, told] of [
    ['evaluations.jsonl', 'x\n', /evaluations\.jsonl, line 1 is damaged/],
    ['result.json', '{"ended":', /result\.json is damaged/],
    ['config.json', '{"task":', /config\.json is damaged/],
  ] as const) {
    const whole = readFileSync(join(path, file));
    writeFileSync(join(path, file), text);
    assert.throws(() => paths(runs.path), told);
    writeFileSync(join(path, file), whole);
  }
});

test('the command of every row trains just that row', () => {
  const known = paperTables.filter(({ task }) => tasks.some(({ name }) => name === task));
  assert.ok(known.length >= 5);
  for (const table of known)
    for (const { row, command } of filledTable(table, []).rows) {
      if (command === undefined) continue;
      const [flags] = command.match(/--core .*/) ?? [];
      const task = tasks.find(({ name }) => name === table.task);
      assert.ok(task && flags && command.startsWith(`npm run task -- ${table.task} --core `), command);
      const parser = addFlags(new Command().exitOverride(), task.settings).option('--seeds <n>');
      const { seeds, ...given } = parse(parser, flags.split(' '));
      const options = checked(task.settings, given);
      refuseUnusedCore(given, options as unknown as TrainingSettings);
      assert.equal(seeds, '3');
      const { data } = table.settings ?? {};
      const config = { task: table.task, options, data } as unknown as Parameters<typeof misfits>[0];
      assert.deepEqual(misfits(config, settingsOfRow(table, row) ?? {}), [], command);
    }
});

test('every published row has a figure, or words, for each column', () => {
  for (const { name, columns, rows } of paperTables)
    for (const { published } of rows) assert.equal(published?.cells.length ?? columns.length, columns.length, name);
});
