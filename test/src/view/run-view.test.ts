import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { RunView } from '../../../src/view/run-view.ts';
import type { Progress } from '../../../src/view/progress.ts';
import { sampleEpisode } from '../runs/samples.ts';
import { Screen } from './screen.ts';

const heading = { title: 'Breakout · rim · seed 1', path: 'runs/Breakout-rim-s1', totalSteps: 1_000_000 };

function progress(agentStep: number, shares?: number[]): Progress {
  const activation = {
    ...sampleEpisode(1, 1).activation,
    nearZero: 0.1,
    ...(shares && { modules: shares.length, shares }),
  };
  return {
    agentStep,
    seconds: agentStep / 1000,
    stepsPerSecond: 1000,
    games: 12,
    meanScore: 7.25,
    activation: shares ? (activation as Progress['activation']) : { nearZero: 0.1 },
  };
}

/** A clock that a test moves. */
function clock(): { now: () => number; forward: (milliseconds: number) => void } {
  let time = 0;
  return { now: () => time, forward: (milliseconds) => void (time += milliseconds) };
}

test('in a terminal the view shows progress, time left, speed, score, and a bar per module', () => {
  const [screen, { now, forward }] = [new Screen(60), clock()];
  const view = new RunView({ ...heading, stream: screen, environment: {}, now });
  view.update(progress(1000, [1, 0.5, 0]));
  forward(1000);
  view.update(progress(250_000, [0.9, 0.6, 0.5]));
  assert.equal(
    screen.text,
    [
      'Breakout · rim · seed 1',
      `${'━'.repeat(14)}${'─'.repeat(40)}  25 %`,
      'agent steps 250,000 of 1,000,000   steps/s 1,000',
      'time left 12 m 30 s   so far 4 m 10 s   games 12',
      'mean score of the last 100 games 7.25',
      '',
      'share of steps in which each module was active',
      ` 0 ${'━'.repeat(47)}${'─'.repeat(5)} 0.90`,
      ` 1 ${'━'.repeat(31)}${'─'.repeat(21)} 0.60`,
      ` 2 ${'━'.repeat(26)}${'─'.repeat(26)} 0.50`,
      '',
      'runs/Breakout-rim-s1',
    ].join('\n'),
  );
  view.close();
});

test('a frame is one write over the one before it: no clearing first, so nothing flickers', () => {
  const [screen, { now, forward }] = [new Screen(), clock()];
  const view = new RunView({ ...heading, stream: screen, environment: {}, now });
  for (let update = 1; update <= 5; update++) {
    view.update(progress(update * 1024, [0.5, 0.5]));
    forward(1000);
  }
  assert.equal(screen.writes.length, 5);
  for (const frame of screen.writes.slice(1)) {
    // The only erasing from the cursor downwards comes after the last line.
    assert.equal(frame.indexOf('\u001b[J'), frame.lastIndexOf('\u001b[J'));
    assert.ok(frame.indexOf('\u001b[J') > frame.lastIndexOf('\n'));
    assert.ok(!frame.includes('\u001b[2J'));
  }
  view.close();
});

test('updates that come fast are not all drawn, but the last one is', () => {
  const [screen, { now, forward }] = [new Screen(), clock()];
  const view = new RunView({ ...heading, stream: screen, environment: {}, now });
  for (let update = 1; update <= 100; update++) {
    view.update(progress(update * 1000));
    forward(10);
  }
  assert.ok(screen.writes.length <= 11);
  view.close();
  assert.match(screen.text, /agent steps 100,000 of/);
});

test('a message stays above the view', () => {
  const [screen, { now, forward }] = [new Screen(), clock()];
  const view = new RunView({ ...heading, stream: screen, environment: {}, now });
  view.update(progress(1000));
  view.message('checkpoint saved');
  forward(1000);
  view.update(progress(2000));
  view.message('another');
  assert.match(screen.text, /^checkpoint saved\nanother\nBreakout · rim · seed 1\n/);
  assert.equal(screen.text.split('Breakout · rim').length, 2);
  view.close();
});

test('the view fits any terminal, many modules and few rows included', () => {
  const { now, forward } = clock();
  for (const columns of [10, 20, 40, 80, 300])
    for (const rows of [2, 10, 24])
      for (const modules of [1, 6, 13, 64]) {
        const screen = new Screen(columns, rows);
        const view = new RunView({ ...heading, stream: screen, environment: {}, now });
        for (const step of [1024, 2048, 1_000_000]) {
          view.update(progress(step, new Array<number>(modules).fill(0.5)));
          forward(1000);
        }
        view.close();
        assert.ok(screen.text.split('\n').length < rows);
      }
});

test('a terminal that does not say its size is taken to have the usual one', () => {
  const stream = { isTTY: true, columns: 0, rows: 0, written: '', write: (text: string) => (stream.written += text) };
  const view = new RunView({ ...heading, stream, environment: {} });
  view.update(progress(1024, [0.5, 0.5]));
  view.close();
  assert.match(stream.written, /steps\/s[^]*runs\/Breakout-rim-s1/);
});

test('64 modules have a bar each', () => {
  const screen = new Screen(100, 40);
  const view = new RunView({ ...heading, stream: screen, environment: {} });
  view.update(
    progress(
      1024,
      Array.from({ length: 64 }, (_, module) => module / 64),
    ),
  );
  const numbers = [...screen.text.matchAll(/(?:^| ) ?(\d+) [━─]/gm)].map(([, number]) => Number(number));
  assert.deepEqual(
    numbers.sort((a, b) => a - b),
    Array.from({ length: 64 }, (_, module) => module),
  );
  view.close();
});

test('the cursor is hidden while the view lives', () => {
  const screen = new Screen();
  const view = new RunView({ ...heading, stream: screen, environment: {} });
  assert.equal(screen.cursorHidden, false);
  view.update(progress(1000));
  assert.equal(screen.cursorHidden, true);
  view.close();
  assert.equal(screen.cursorHidden, false);
  const listeners = process.listenerCount('exit');
  new RunView({ ...heading, stream: screen, environment: {} }).close();
  assert.equal(process.listenerCount('exit'), listeners);
});

test('the cursor comes back however the process ends', () => {
  const ends = [
    'process.exit(3)',
    "throw new Error('x')",
    "Promise.reject(new Error('x'))",
    "process.kill(process.pid, 'SIGTERM'); setTimeout(() => {}, 1e4)",
    '',
  ];
  const source = (path: string): string => JSON.stringify(new URL(path, import.meta.url).href);
  for (const end of ends) {
    const script = `
      import { RunView } from ${source('../../../src/view/run-view.ts')};
      import { onInterrupt, runCommand } from ${source('../../../src/cli/main.ts')};
      await runCommand(async () => {
        onInterrupt(() => process.exit(130));
        const stream = { isTTY: true, columns: 80, rows: 24, write: (text) => process.stdout.write(text) };
        new RunView({ title: 't', path: 'p', totalSteps: 10, stream, environment: {} })
          .update({ agentStep: 1, seconds: 1, games: 0, meanScore: null, stepsPerSecond: 1 });
        ${end}
      });`;
    const { stdout } = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', script], {
      encoding: 'utf8',
    });
    assert.ok(stdout.includes('\u001b[?25l'), end);
    assert.ok(stdout.lastIndexOf('\u001b[?25h') > stdout.lastIndexOf('\u001b[?25l'), `cursor is hidden after: ${end}`);
  }
});

test('NO_COLOR leaves the shapes and takes the colours', () => {
  const screen = new Screen();
  const view = new RunView({ ...heading, stream: screen, environment: { NO_COLOR: '1' } });
  view.update(progress(500_000));
  assert.ok(!screen.writes.join('').includes('m━'));
  assert.match(screen.text, /━─/);
  view.close();
});

test('without a terminal there is a plain line now and then', () => {
  const written: string[] = [];
  const { now, forward } = clock();
  const stream = { write: (text: string) => written.push(text) };
  const view = new RunView({ ...heading, stream, environment: {}, now });
  for (let second = 1; second <= 60; second++) {
    view.update(progress(second * 1000, [0.7, 0.3]));
    forward(1000);
  }
  view.message('checkpoint saved');
  view.close();
  const line = (steps: string, left: string): string =>
    `${steps} of 1,000,000 agent steps, 1,000 steps/s, ${left} left, 12 games, ` +
    'mean score of the last 100 7.25, modules active 0.70 0.30\n';
  assert.deepEqual(written, [
    line('1,000', '16 m 39 s'),
    line('31,000', '16 m 09 s'),
    'checkpoint saved\n',
    line('60,000', '15 m 40 s'),
  ]);
  assert.ok(!written.join('').includes('\u001b'));
});

test('a terminal that cannot move its cursor gets plain lines', () => {
  const screen = new Screen(200);
  const view = new RunView({ ...heading, stream: screen, environment: { TERM: 'dumb' } });
  view.update(progress(1000));
  view.close();
  assert.ok(!screen.writes.join('').includes('\u001b'));
});

test('the summary says where everything is and what to type next', () => {
  const summary = (path: string, finished: boolean, steps?: number): string => {
    const written: string[] = [];
    const stream = { write: (text: string) => written.push(text) };
    const view = new RunView({ ...heading, path, agentStep: 2048, stream, environment: {} });
    if (steps !== undefined) view.update(progress(steps));
    view.summary({ finished });
    return written.at(-1) ?? '';
  };
  assert.equal(
    summary('runs/x', true, 1_000_000),
    '\nDone: 1,000,000 agent steps in 16 m 40 s, 12 games, mean score of the last 100 7.25\n' +
      'Everything is in runs/x\nSee what it learned:  npm run curve -- runs/x --out curve.svg\n',
  );
  assert.match(
    summary('runs/x', false, 250_000),
    /Stopped and saved: 250,000 of 1,000,000 agent steps .*\nGo on: {2}npm run ppo -- --resume runs\/x\n$/s,
  );
  assert.match(summary('runs/x', false), /Stopped and saved: 2,048 of/);
  assert.match(summary("my run's", false), /--resume 'my run'\\''s'\n$/);
});
