import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { FileServer } from '../../file-server.ts';

/** Makes what tfjs draws by chance (first weights of its own layers, the order of a data set) the same in every run. */
export const noChance = `
  let state = 1;
  Math.random = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
`;

/**
 * Shows a README's page in Chromium, on tfjs' cpu backend.
 * @param program its model.js
 * @param packages folders of what it imports, by name
 * @returns what the program logs first
 */
export async function logOfPage(
  executablePath: string,
  page: string,
  program: string,
  packages: Readonly<Record<string, string>>,
): Promise<unknown> {
  const site = mkdtempSync(join(tmpdir(), 'rim-agents-page-'));
  const first = `import * as tf from '@tensorflow/tfjs'; tf.setBackend('cpu'); ${noChance}`;
  const html = page.replace('<script type="module"', `<script type="module">${first}</script>\n$&`);
  writeFileSync(join(site, 'index.html'), html);
  writeFileSync(join(site, 'model.js'), program);
  const folders = Object.entries(packages).map(([name, folder]) => [`/node_modules/${name}/`, folder] as const);
  const server = await FileServer.start({ '/': site, ...Object.fromEntries(folders) });
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  try {
    const shown = await browser.newPage();
    const logged = new Promise((resolve, reject) => {
      shown.on('pageerror', reject);
      shown.on('console', (message) => {
        if (message.type() === 'log') void message.args()[0]?.jsonValue().then(resolve, reject);
      });
    });
    const [value] = await Promise.all([logged, shown.goto(`${server.origin}/index.html`)]);
    return value;
  } finally {
    await browser.close();
    await server.stop();
    rmSync(site, { recursive: true });
  }
}
