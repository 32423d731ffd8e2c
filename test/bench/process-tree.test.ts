import assert from 'node:assert/strict';
import { test } from 'node:test';
import { usage } from './process-tree.ts';

const linux = { skip: process.platform !== 'linux' && 'read from /proc' };

test("memory and processor time are those that Node's own counters tell", linux, () => {
  const own = usage(process.pid);
  const { user, system } = process.cpuUsage();
  assert.ok(own);
  assert.ok(Math.abs(own.cpuSeconds - (user + system) / 1e6) < 0.05, `${own.cpuSeconds}`);
  assert.ok(Math.abs(own.residentBytes / process.memoryUsage.rss() - 1) < 0.05, `${own.residentBytes}`);
});

test('a process that is gone takes nothing', linux, () => {
  assert.equal(usage(2 ** 30), undefined);
});
