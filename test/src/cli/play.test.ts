// npm run play: a page on which an agent plays, in a real browser.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { chromium } from 'playwright-core';
import { writeRandomAgent } from '../../agents/browser/random-agent.ts';
import { small, written } from '../../agents/bundle/samples.ts';
import { servePage } from '../../../src/play/server.ts';
import { findChromium, noChromium } from '../../chromium.ts';
import { nodeArguments, run } from './command.ts';

const executablePath = findChromium();
const folder = mkdtempSync(join(tmpdir(), 'rim-agents-play-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const rim = join(folder, 'rim');

/** What it prints first. */
function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.stdout?.once('data', (text: Buffer) => resolve(text.toString()));
    child.once('exit', (code) => reject(new Error(`it ended with ${code}`)));
  });
}

test(
  'the page draws the game, the score and the active modules',
  { skip: executablePath ? false : noChromium },
  async () => {
    await writeRandomAgent(rim, 'rim', 5);
    const child = spawn(process.execPath, nodeArguments('play', [rim, '--port', '0']), {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const browser = await chromium.launch({ executablePath: executablePath as string, args: ['--no-sandbox'] });
    try {
      const [, address = ''] = /^Open (http:\S+) in a browser/.exec(await firstLine(child)) ?? [];
      const page = await browser.newPage();
      page.setDefaultTimeout(180_000); // the machine may be busy
      const problems: string[] = [];
      page.on('pageerror', (error) => problems.push(error.message));
      await page.goto(address);
      await page.waitForFunction(() =>
        /^score \d+ · [A-Z]+/.test(document.querySelector('#status')?.textContent ?? ''),
      );
      assert.equal(await page.textContent('h1'), 'Breakout: rim, 0 steps');
      assert.equal(await page.locator('#modules span').count(), 3);
      assert.equal(await page.locator('#modules .active').count(), 2);
      const colours = await page.evaluate(() => {
        const canvas = document.querySelector('canvas');
        const { data } = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? {};
        return new Set(new Uint32Array(data?.buffer ?? new ArrayBuffer())).size;
      });
      assert.ok(colours > 5, `${colours} colours`);
      assert.deepEqual(problems, []);
      for (const path of ['run/config.json', 'ale/../package.json', 'ale/%2e%2e/package.json', '//', 'page.ts'])
        assert.equal((await fetch(`${address}${path}`)).status, 404, path);
    } finally {
      await browser.close();
      child.removeAllListeners('exit');
      child.kill('SIGINT');
    }
    assert.equal(await new Promise((resolve) => child.once('exit', resolve)), 0);
  },
);

test('what cannot be shown is refused in one line', async () => {
  const pole = join(folder, 'pole');
  mkdirSync(pole);
  const { manifest, weights } = written(small('ff'));
  writeFileSync(join(pole, 'agent.json'), manifest);
  writeFileSync(join(pole, 'weights.safetensors'), weights);
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  const taken = String((other.address() as AddressInfo).port);
  if (executablePath === undefined) await writeRandomAgent(rim, 'rim', 5);
  const cases: [string[], RegExp][] = [
    [['nowhere'], /^error: no agent in nowhere: give the folder/],
    [[pole], /^error: the agent in .*pole plays CartPole-v1; the page shows games of Atari alone$/],
    [[rim, '--port', 'x'], /^error: --port x: must be a whole number, 0 to 65535$/],
    [[rim, '--port', taken], /^error: --port \d+ is taken; give another, such as 8081$/],
  ];
  for (const [args, expected] of cases) {
    const { code, stderr } = await run('play', ...args);
    assert.equal(code, 2, stderr);
    assert.match(stderr.trimEnd(), expected);
  }
  other.close();
});

test('a file that is gone or cannot be read is an answer, and the page is served further', async () => {
  const place = join(folder, 'unreadable');
  await writeRandomAgent(place, 'ff', 5);
  const { address, close } = await servePage(place, 0);
  const status = async (path: string): Promise<number> => (await fetch(`${address}${path}`)).status;
  try {
    assert.equal(await status('run/agent/weights.safetensors'), 200);
    rmSync(join(place, 'agent', 'weights.safetensors'));
    assert.equal(await status('run/agent/weights.safetensors'), 404);
    mkdirSync(join(place, 'agent', 'weights.safetensors'));
    assert.equal(await status('run/agent/weights.safetensors'), 500);
    assert.equal(await status('run/agent/agent.json'), 200);
  } finally {
    await close();
  }
});
