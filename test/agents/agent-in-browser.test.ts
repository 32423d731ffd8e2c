// An agent from its bundle plays the same game in Chromium, on tfjs' WebAssembly, as in Node on TensorFlow.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { type Browser, chromium, type Page as BrowserPage } from 'playwright-core';
import { ActorCritic, type AgentOptions } from '../../agents/actor-critic.ts';
import { rimDefaults } from '../../agents/cores/options.ts';
import { portableKernels } from '../../agents/kernels/portable/index.ts';
import { Random } from '../../agents/random.ts';
import { atariOptions } from '../../envs/atari/index.ts';
import { writeAgent } from '../../src/runs/agent-files.ts';
import { findChromium, noChromium } from '../chromium.ts';
import { FileServer } from '../file-server.ts';
import { root } from '../packed.ts';
import type { Page } from './browser/page.ts';
import { play } from './browser/play.ts';

const executablePath = findChromium();
if (executablePath === undefined) test('an agent in Chromium', { skip: noChromium });
else describe('an agent in Chromium', () => testIn(executablePath));

function testIn(executablePath: string): void {
  const site = mkdtempSync(join(tmpdir(), 'rim-agents-browser-'));
  const run = join(site, 'run');
  let server: FileServer;
  let browser: Browser;
  let page: BrowserPage;
  const problems: string[] = [];

  before(async () => {
    writeRandomAgent(run);
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
    page.on('pageerror', (error) => problems.push(error.message));
    await page.goto(server.origin + '/index.html');
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
    rmSync(site, { recursive: true });
  });

  test('a whole game of Breakout: every action and the score are those of Node', async () => {
    for (const seed of [1,2,3,4,5,6,7,8]) {
    const t = performance.now();
    const expected = await play(run, seed);
    console.log(seed, performance.now() - t, expected.actions.length, expected.score, expected.frames, expected.closest, new Set(expected.actions));
    const u = performance.now();
    const { backend, ...found } = await page.evaluate(([path, seed]) => (globalThis as Page).playInPage(path, seed), ['/run', seed] as const);
    console.log(performance.now() - u, found.score, backend, found.last, expected.last, found.actions.findIndex((a,i) => a !== expected.actions[i]));
    }
  });

  test('no error went unseen', () => assert.deepEqual(problems, []));
}

/** A run's folder with a small RIM of drawn parameters, whose policy is sure of what it does. */
function writeRandomAgent(run: string): void {
  const agent: AgentOptions = {
    observationShape: [84, 84, 4],
    observationType: 'uint8',
    actions: 4,
    features: 32,
    core: { kind: 'rim', modules: 4, units: 8, active: 2, ...rimDefaults(8) },
  };
  const { layout } = new ActorCritic(agent, portableKernels);
  const parameters = layout.initial(new Random(1));
  for (const { name, offset, size } of layout.placed)
    if (name === 'policy.weights') for (let i = offset; i < offset + size; i++) parameters[i] = 1000 * (parameters[i] as number);
  mkdirSync(run);
  const settings = atariOptions({ fireReset: true, maxNumFramesPerEpisode: 1200 });
  const environment = { game: 'Breakout', recipe: '', actionMeanings: ['NOOP', 'FIRE', 'RIGHT', 'LEFT'], settings };
  const training = { algorithm: 'none', settings: {}, versions: {} };
  writeAgent(join(run, 'agent'), { agent, environment, training, license: 'MIT' }, layout, {
    parameters,
    agentStep: 0,
    update: 0,
  });
}
