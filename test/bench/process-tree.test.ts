import assert from 'node:assert/strict';
import { test } from 'node:test';
import { usage } from './process-tree.ts';

const linux = { skip: process.platform !== 'linux' && 'read from /proc' };

test("memory and processor time are those that Node's own counters tell", linux, () => {
  const before = { rss: process.memoryUsage.rss(), cpu: cpuSeconds() };
  const own = usage(process.pid);
  const after = { rss: process.memoryUsage.rss(), cpu: cpuSeconds() };
  assert.ok(own);
  // Ticks of 10 ms; pages come and go.
  assert.ok(own.cpuSeconds > before.cpu - 0.03 && own.cpuSeconds < after.cpu + 0.03, `${own.cpuSeconds}`);
  assert.ok(own.residentBytes > 0.9 * Math.min(before.rss, after.rss), `${own.residentBytes}`);
  assert.ok(own.residentBytes < 1.1 * Math.max(before.rss, after.rss), `${own.residentBytes}`);
});

test('a process that is gone takes nothing', linux, () => {
  assert.equal(usage(2 ** 30), undefined);
});

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
