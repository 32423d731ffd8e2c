// An exported agent in Chromium, by onnxruntime-web, says what ours says in Node.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import type { AgentOptions } from '../../../agents/actor-critic.ts';
import { Agent, type AgentState } from '../../../agents/agent.ts';
import { loadTensorFlow } from '../../../agents/kernels/backend.ts';
import { selectKernels } from '../../../agents/kernels/index.ts';
import { onnxModel } from '../../../agents/onnx/model.ts';
import { findChromium, noChromium } from '../../chromium.ts';
import { FileServer } from '../../file-server.ts';
import { root } from '../../packed.ts';
import type { Page } from './browser/page.ts';
import { agents, batch, drawn, sequence } from './samples.ts';

const executablePath = findChromium();

test('an exported agent in Chromium says what ours does', { skip: !executablePath && noChromium }, async (context) => {
  const site = mkdtempSync(join(tmpdir(), 'rim-agents-onnx-page-'));
  context.after(() => rmSync(site, { recursive: true }));
  const options = agents['rim, pictures'] as AgentOptions;
  const bundle = drawn(options, 3);
  writeFileSync(join(site, 'agent.onnx'), onnxModel(bundle));
  writeFileSync(join(site, 'index.html'), '<!doctype html><script type="module" src="/page.js"></script>');
  const entry = fileURLToPath(new URL('browser/page.ts', import.meta.url));
  await build({ entryPoints: [entry], bundle: true, format: 'esm', outdir: site, logLevel: 'error' });
  const server = await FileServer.start({ '/': site, '/ort/': join(root, 'node_modules/onnxruntime-web/dist') });
  context.after(() => server.stop());
  const browser = await chromium.launch({ executablePath: executablePath as string, args: ['--no-sandbox'] });
  context.after(() => browser.close());

  const observations = sequence(options, 5).map(({ observation }) =>
    observation.subarray(0, observation.length / batch),
  );
  const page = await browser.newPage();
  await page.goto(`${server.origin}/index.html`);
  const found = await page.evaluate(
    ([observations, shape]) => (globalThis as Page).run('/agent.onnx', observations, shape),
    [observations.map((observation) => [...observation]), [...options.observationShape]] as const,
  );

  await loadTensorFlow();
  const agent = new Agent(bundle, selectKernels('auto'));
  let state: AgentState | undefined;
  for (const [t, observation] of observations.entries()) {
    const expected = agent.act(observation, state);
    ({ state } = expected);
    for (const [i, logit] of expected.logits.entries())
      assert.ok(Math.abs(logit - (found[t]?.[i] as number)) <= 1e-4, `logit ${i} of step ${t}`);
  }
  assert.equal(found.length, observations.length);
  agent.dispose();
});
