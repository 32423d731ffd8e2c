import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CountedProgress } from '../../../src/view/counted.ts';
import { Screen } from './screen.ts';

test('in a terminal one line is drawn anew, cropped to its width', () => {
  let now = 0;
  const screen = new Screen(60);
  const progress = new CountedProgress('games', 10, { stream: screen, environment: {}, now: () => now });
  now = 2000;
  progress.next('last score 12.0');
  assert.equal(screen.text, '1 of 10 games, about 18 s left, last score 12.0');
  assert.ok(screen.cursorHidden);
  now = 2050;
  progress.next(); // too soon after the line before
  assert.equal(screen.text, '1 of 10 games, about 18 s left, last score 12.0');
  now = 4000;
  progress.next(`last score ${'9'.repeat(90)}`);
  assert.equal(screen.text, '3 of 10 games, about 9 s left, last score 999999999999999999'.slice(0, 60));
  for (let game = 3; game < 10; game++) progress.next();
  progress.close();
  assert.equal(screen.text, '10 of 10 games in 4 s');
  assert.ok(!screen.cursorHidden);
});

test('elsewhere, and in a terminal that can do nothing, there is a line now and then', () => {
  for (const [isTTY, environment] of [
    [false, {}],
    [true, { TERM: 'dumb' }],
  ] as const) {
    let now = 0;
    const written: string[] = [];
    const stream = { isTTY, write: (text: string) => written.push(text) };
    const progress = new CountedProgress('games', 100, { stream, environment, now: () => now });
    for (let game = 0; game < 70; game++) {
      now += 1000;
      progress.next();
    }
    progress.close();
    assert.deepEqual(written, [
      '1 of 100 games, about 1 m 39 s left\n',
      '31 of 100 games, about 1 m 09 s left\n',
      '61 of 100 games, about 39 s left\n',
      '70 of 100 games, about 30 s left\n',
    ]);
  }
});
