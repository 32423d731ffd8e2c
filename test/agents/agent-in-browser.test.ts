// An agent from its bundle plays the same game in Chromium, on tfjs' WebAssembly, as in Node on TensorFlow.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { type Browser, chromium, type Page as BrowserPage } from 'playwright-core';
import type { CoreKind } from '../../agents/cores/options.ts';
import { findChromium, noChromium } from '../chromium.ts';
import { FileServer } from '../file-server.ts';
import { root } from '../packed.ts';
import type { Page } from './browser/page.ts';
import { play } from './browser/play.ts';
import { writeRandomAgent } from './browser/random-agent.ts';

/** Of parameters and game: no step brings two actions as close as {@link rounding}, and points are scored. */
const seeds: Readonly<Record<CoreKind, number>> = { rim: 5, brim: 3, lstm: 3, gru: 1, ff: 8 };
/** More than logits of one agent differ by between TensorFlow and WebAssembly: below it a tie may fall either way. */
const rounding = 5e-5;

const executablePath = findChromium();
if (executablePath === undefined) test('an agent in Chromium', { skip: noChromium });
else describe('an agent in Chromium', () => testIn(executablePath));

function testIn(executablePath: string): void {
  const site = mkdtempSync(join(tmpdir(), 'rim-agents-browser-'));
  let server: FileServer;
  let browser: Browser;
  let page: BrowserPage;
  const problems: string[] = [];

  before(async () => {
    writeFileSync(join(site, 'index.html'), '<!doctype html><script type="module" src="/page.js"></script>');
    const entry = fileURLToPath(new URL('browser/page.ts', import.meta.url));
    await build({ entryPoints: [entry], bundle: true, format: 'esm', outdir: site, logLevel: 'error' });
    server = await FileServer.start({
      '/': site,
      '/ale/': join(root, 'envs/ale-wasm/dist'),
      '/tfjs-wasm/': join(root, 'node_modules/@tensorflow/tfjs-backend-wasm/dist'),
    });
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
    page = await browser.newPage();
    page.setDefaultTimeout(180_000); // the machine may be busy
    page.on('pageerror', (error) => problems.push(error.message));
    await page.goto(`${server.origin}/index.html`);
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
    rmSync(site, { recursive: true });
  });

  for (const [core, seed] of Object.entries(seeds) as [CoreKind, number][])
    test(`${core}: a whole game of Breakout has the actions and the score of Node's`, async () => {
      await writeRandomAgent(join(site, core), core, seed);
      const expected = await play(join(site, core), seed);
      assert.ok(expected.closest > rounding, `two actions were only ${expected.closest} apart`);
      assert.ok(expected.score > 0 && new Set(expected.actions).size > 3, 'it plays');
      const { backend, ...found } = await page.evaluate(([path, seed]) => (globalThis as Page).playInPage(path, seed), [
        core,
        seed,
      ] as const);
      assert.equal(backend, 'wasm');
      assert.deepEqual(found.actions, expected.actions);
      assert.deepEqual([found.score, found.frames], [expected.score, expected.frames]);
      for (const [i, logit] of found.meanLogits.entries())
        assert.ok(Math.abs(logit - (expected.meanLogits[i] as number)) < rounding / 2);
    });

  test('a bundle without a run is loaded too; what is no agent, or damaged, is refused in a line', async () => {
    const folder = join(site, 'rim/agent');
    const refusal = (path: string): Promise<string> =>
      page.evaluate((path) => (globalThis as Page).refusal(path), path);
    assert.equal(await refusal(`${server.origin}/rim/agent/`), 'loaded');
    assert.match(await refusal('/nowhere'), /^UserError: no agent in \/nowhere: give the folder of a run/);
    const weights = readFileSync(join(folder, 'weights.safetensors'));
    writeFileSync(join(folder, 'weights.safetensors'), weights.subarray(0, -1));
    assert.match(await refusal('/rim'), /^UserError: \/rim\/agent\/weights\.safetensors is damaged \(truncated: /);
    rmSync(join(folder, 'weights.safetensors'));
    assert.match(await refusal('/rim'), /^UserError: \/rim\/agent has agent\.json, but no weights\.safetensors/);
  });

  test('no error went unseen', () => assert.deepEqual(problems, []));
}
