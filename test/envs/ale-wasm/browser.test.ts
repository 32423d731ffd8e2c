// ale-wasm, packed as npm packs it, in a real browser: on a page, in a worker, its files from any URL.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { type Browser, chromium, type Page as BrowserPage } from 'playwright-core';
import { readAleFile, type RawTrace } from '../../../src/conformance/ale-file.ts';
import { findChromium, noChromium } from '../../chromium.ts';
import { FileServer } from '../../file-server.ts';
import { Copy, root } from '../../packed.ts';
import type { Page } from './browser/page.ts';
import type { PlayTask, SpoilTask } from './browser/tasks.ts';

const executablePath = findChromium();
/** Actions of a trace that are played. */
const actions = 1000;

const traces = readAleFile(fileURLToPath(new URL('../../oracle/ale.json', import.meta.url)));

/** The first actions of the trace of a game with sticky actions. */
function traceOf(game: string): RawTrace {
  const trace = traces.find((one) => one.kind === 'raw' && one.game === game && one.repeatActionProbability > 0);
  if (trace?.kind !== 'raw') throw new Error(`no trace of ${game}`);
  return { ...trace, marks: trace.marks.slice(0, actions / trace.every) };
}

if (executablePath === undefined) test('ale-wasm in Chromium', { skip: noChromium });
else describe('ale-wasm in Chromium', () => testIn(executablePath));

function testIn(executablePath: string): void {
  const copy = new Copy();
  let server: FileServer;
  let browser: Browser;
  let page: BrowserPage;
  const problems: string[] = [];

  before(async () => {
    const packed = copy.unpack(copy.pack('ale-wasm'));
    const site = join(copy.root, 'site');
    mkdirSync(site);
    writeFileSync(join(site, 'index.html'), html);
    writeFileSync(join(site, 'readme.html'), readmePage());
    await bundle(site, packed);
    server = await FileServer.start({
      '/': site,
      '/node_modules/ale-wasm/': packed,
      '/node_modules/@bjorn3/browser_wasi_shim/': join(root, 'node_modules/@bjorn3/browser_wasi_shim'),
      '/elsewhere/': join(packed, 'lib/dist'),
    });
    // A name that is not localhost's, to which browsers give less.
    const args = ['--no-sandbox', '--host-resolver-rules=MAP plain.test 127.0.0.1'];
    browser = await chromium.launch({ executablePath, args });
    page = await opened(server.origin);
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
    copy.remove();
  });

  async function opened(origin: string, file = 'index.html'): Promise<BrowserPage> {
    const page = await browser.newPage();
    page.on('pageerror', (error) => problems.push(error.message));
    await page.goto(`${origin}/${file}`);
    return page;
  }

  const inPage = (task: PlayTask | SpoilTask, on = page): Promise<unknown> =>
    on.evaluate((task) => (globalThis as Page).inPage(task), task);
  const inWorker = (task: PlayTask, share: boolean): Promise<unknown> =>
    page.evaluate(([task, share]) => (globalThis as Page).inWorker(task, share), [task, share] as const);

  for (const game of ['breakout', 'kaboom', 'adventure'])
    test(`${game}: ${actions} actions on a page equal native ALE`, async () => {
      assert.deepEqual(await inPage({ kind: 'play', source: 'own', trace: traceOf(game) }), { game, difference: null });
    });

  test('a difference would be seen', async () => {
    const trace = traceOf('breakout');
    const played = await inPage({ kind: 'play', source: 'own', trace: { ...trace, seed: 8 } });
    assert.match((played as { difference: string }).difference, /^mark 0 \(frame 100\): screen hash \d+ expected/);
  });

  test("the user's own bytes: their MD5 says which game they are", async () => {
    const rom = '/elsewhere/roms/pong.bin';
    const played = await inPage({ kind: 'play', source: 'own', trace: traceOf('pong'), rom });
    assert.deepEqual(played, { game: 'pong', difference: null });
    const spoiled = (await inPage({ kind: 'spoil', rom })) as { error: string; game: string };
    assert.match(spoiled.error, /a ROM with MD5 [0-9a-f]{32}, which ALE does not know/);
    assert.equal(spoiled.game, 'pong');
  });

  test('the build from another URL', async () => {
    const trace = traceOf('seaquest');
    for (const directory of [`${server.origin}/elsewhere/`, '/elsewhere/', 'elsewhere/']) {
      const played = await inPage({ kind: 'play', source: { directory }, trace });
      assert.deepEqual(played, { game: 'seaquest', difference: null }, directory);
    }
    const nowhere = { directory: `${server.origin}/nowhere/` };
    assert.match(String(await inPage({ kind: 'play', source: nowhere, trace })), /nowhere\/ale\.json: status 404/);
  });

  test('a bundled worker loads it itself, or takes the module that the page compiled', async () => {
    const trace = traceOf('space_invaders');
    const task: PlayTask = { kind: 'play', source: { directory: '/elsewhere/' }, trace };
    const expected = { game: 'space_invaders', difference: null };
    assert.deepEqual(await inWorker(task, false), expected);
    assert.deepEqual(await inWorker(task, true), expected);
  });

  test('where the browser cannot hash, because the page is neither https nor localhost, it says so', async () => {
    const plain = await opened(server.origin.replace('localhost', 'plain.test'));
    const message = String(await inPage({ kind: 'play', source: 'own', trace: traceOf('pong') }, plain));
    assert.match(message, /needs crypto\.subtle.*https or localhost/);
  });

  test("the README's page draws the game", async () => {
    const page = await opened(server.origin, 'readme.html');
    const drawn = await page.waitForFunction(() => {
      const { data } = document.querySelector('canvas')?.getContext('2d')?.getImageData(0, 0, 160, 210) ?? {};
      const colours = new Set(new Uint32Array(data?.buffer ?? new ArrayBuffer()));
      return colours.size > 5 && [...colours].every((colour) => colour >>> 24 === 255);
    });
    assert.equal(await drawn.jsonValue(), true);
  });

  test('no error went unseen', () => assert.deepEqual(problems, []));
}

const html = `<!doctype html>
<title>ale-wasm</title>
<script type="importmap">
  {
    "imports": {
      "ale-wasm": "/node_modules/ale-wasm/lib/src/index.js",
      "@bjorn3/browser_wasi_shim": "/node_modules/@bjorn3/browser_wasi_shim/dist/index.js"
    }
  }
</script>
<script type="module" src="/page.js"></script>
`;

/** The page in the README. */
function readmePage(): string {
  const readme = readFileSync(join(root, 'envs/ale-wasm/README.md'), 'utf8');
  return /^```html\n([^]*?)^```$/m.exec(readme)?.[1] ?? '';
}

/** page.js leaves ale-wasm to the import map; worker.js has all in it, as a user's bundler would make it. */
async function bundle(outdir: string, packed: string): Promise<void> {
  const entry = (name: string): string => fileURLToPath(new URL(`browser/${name}.ts`, import.meta.url));
  const common = { bundle: true, format: 'esm', outdir, logLevel: 'error' } as const;
  await build({ ...common, entryPoints: [entry('page')], external: ['ale-wasm'] });
  await build({
    ...common,
    entryPoints: [entry('worker')],
    alias: { 'ale-wasm': join(packed, 'lib/src/index.js') },
    nodePaths: [join(root, 'node_modules')],
  });
}
