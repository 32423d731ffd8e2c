import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { usage } from './process-tree.ts';

const linux = { skip: process.platform !== 'linux' && 'read from /proc' };

test("memory and processor time are those that Node's own counters tell", linux, async (t) => {
  const script = `
    const end = Date.now() + 300;
    while (Date.now() < end);
    console.log(JSON.stringify({ rss: process.memoryUsage.rss(), cpu: process.cpuUsage() }));
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => child.kill());
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const { rss, cpu } = JSON.parse(line.toString()) as { rss: number; cpu: NodeJS.CpuUsage };
  const found = usage(child.pid ?? 0);
  assert.ok(found);
  assert.ok(Math.abs(found.residentBytes / rss - 1) < 0.1, `${found.residentBytes} ${rss}`);
  assert.ok(
    Math.abs(found.cpuSeconds - (cpu.user + cpu.system) / 1e6) < 0.1,
    `${found.cpuSeconds} ${cpu.user} ${cpu.system}`,
  );
});

test('a process that is gone takes nothing', linux, () => {
  assert.equal(usage(2 ** 30), undefined);
});
