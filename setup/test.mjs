// @ts-check
// npm test [-- FILE...] [-- OPTIONS]: sets up what is missing, then runs the tests: all of them, or those named.
// Types, lint, layers, dead code and format are tests too (test/house.test.ts). Options (--name=value) go to
// Node's test runner, whose summary comes last; above it stand the tests that were left out, and why.
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { requireNode } from './node-version.mjs';

requireNode();
const { setUpOrExit } = await import('./set-up.mjs');
const { root } = await import('./survey.mjs');
await setUpOrExit();

const given = process.argv.slice(2);
const options = given.filter((argument) => argument.startsWith('-'));
const named = given.filter((argument) => !argument.startsWith('-'));
const files = named.length > 0 ? named : testFiles();
const reporter = `--test-reporter=${new URL('reporter.mjs', import.meta.url).href}`;
const child = spawn(process.execPath, ['--import', 'tsx', '--test', reporter, ...options, ...files], {
  cwd: root,
  stdio: 'inherit',
});
// Ctrl-C reaches the child too; it prints what it has, and we end as it does.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)));

/** @returns {string[]} every test/**\/*.test.ts, relative to the root */
function testFiles() {
  const found = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' });
  return found
    .filter((path) => path.endsWith('.test.ts'))
    .map((path) => join('test', path))
    .sort();
}
