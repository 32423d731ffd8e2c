import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gameNames } from '../../../envs/atari/index.ts';
import { classicControl } from '../../../envs/classic/index.ts';
import { memoryTasks } from '../../../envs/memory/index.ts';
import { run } from './command.ts';

test('npm run games lists every name that --game takes, once', async () => {
  const { code, stdout } = await run('games');
  assert.equal(code, 0);
  const words = stdout.split(/\s+/);
  for (const name of [...classicControl, ...memoryTasks].map(({ name }) => name).concat(gameNames())) {
    assert.equal(words.filter((word) => word === name).length, 1, name);
  }
});
