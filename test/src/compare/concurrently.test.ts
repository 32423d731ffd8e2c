import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { mapConcurrently } from '../../../src/compare/concurrently.ts';

const items = ['a', 'b', 'c', 'd', 'e', 'f'] as const;

test('work is begun in order, never more at once than allowed, and results stand in the items’ order', async () => {
  const begun: string[] = [];
  let [going, most] = [0, 0];
  const work = async (item: string, index: number): Promise<string> => {
    begun.push(item);
    most = Math.max(most, ++going);
    await pause(index % 2 === 0 ? 15 : 5);
    going--;
    return item.toUpperCase();
  };
  const results = await mapConcurrently(items, 2, work, new AbortController().signal);
  assert.deepEqual(results, ['A', 'B', 'C', 'D', 'E', 'F']);
  assert.deepEqual([begun, most], [[...items], 2]);
});

test('once the signal is aborted nothing else begins; what is under way ends', async () => {
  const stop = new AbortController();
  const work = async (item: string): Promise<string> => {
    if (item === 'c') stop.abort();
    await pause(5);
    return item;
  };
  const results = await mapConcurrently(items, 2, work, stop.signal);
  assert.deepEqual(results.slice(0, 3), ['a', 'b', 'c']);
  assert.ok(results.includes(undefined));
});

test('once one fails nothing else begins, and the failure is told when all that is under way has ended', async () => {
  const [begun, ended]: [string[], string[]] = [[], []];
  const work = async (item: string): Promise<void> => {
    begun.push(item);
    await pause(item === 'a' ? 2 : 20);
    if (item === 'a') throw new Error('no luck');
    ended.push(item);
  };
  await assert.rejects(mapConcurrently(items, 2, work, new AbortController().signal), { message: 'no luck' });
  assert.deepEqual([begun, ended], [['a', 'b'], ['b']]);
});
