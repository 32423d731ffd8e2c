import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { run } from './command.ts';

const folder = mkdtempSync(join(tmpdir(), 'conformance-'));
after(() => rmSync(folder, { recursive: true }));

const oracle = (name: string): string => fileURLToPath(new URL(`../../oracle/${name}`, import.meta.url));
const read = <T>(name: string): T => JSON.parse(readFileSync(oracle(name), 'utf8')) as T;

/** Writes a file of the test's own. @returns its path */
function file(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

interface AleFile {
  raw: { game: string; seed: number; every: number; minimalActions: number[]; screen: number[]; marks: number[][] }[];
  preprocessed: { game: string; observationHashes: number[]; rewards: number[]; terminated: boolean[] }[];
}

/** Two traces of each kind. */
function someTraces(): AleFile {
  const { raw, preprocessed } = read<AleFile>('ale.json');
  return { raw: raw.slice(0, 2), preprocessed: preprocessed.slice(0, 2) };
}

interface RimFile {
  rim: { config: { modules: number; active: number }; params: object; grads: Record<string, number[]> }[];
  brim: { grads: { params: Record<string, number[][]>[] } }[];
}

describe('npm run conformance -- ale', { concurrency: true }, () => {
  test('has a line per trace, and last how many passed', async () => {
    const { code, stdout } = await run('conformance', 'ale', file('some.json', someTraces()), '--workers', '2');
    const lines = stdout.trimEnd().split('\n');
    assert.equal(lines.pop(), '4 passed, 0 failed');
    assert.deepEqual(lines.sort(), [
      'ok    breakout  preprocessed  sticky 0     seed 7     120 steps',
      'ok    breakout  raw           sticky 0     seed 7    2000 frames',
      'ok    breakout  raw           sticky 0.25  seed 7    2000 frames',
      'ok    pong      preprocessed  sticky 0     seed 7     120 steps',
    ]);
    assert.equal(code, 0);
  });

  test('names the first mark that differs, expected and found; an unknown game is a failed trace', async () => {
    const traces = someTraces();
    (traces.raw[0]?.marks[3] as number[])[1] = 5;
    (traces.raw[0]?.marks[4] as number[])[0] = 5;
    (traces.preprocessed[0]?.rewards as number[])[17] = 9;
    traces.raw[1]!.minimalActions = [0, 1];
    traces.preprocessed[1]!.game = 'brekout';
    const path = file('corrupted.json', traces);
    const [lines, json] = await Promise.all([
      run('conformance', 'ale', path),
      run('conformance', 'ale', path, '--json', '--workers', '1'),
    ]);
    const differences = [
      /^mark 3 \(frame 400\): RAM hash 5 expected, \d+ came$/,
      /^minimal actions \[0,1\] expected, \[0,1,3,4\] came$/,
      /^step 17: reward 9 expected, 0 came$/,
      /^unknown game "brekout"; did you mean "Breakout"\?$/,
    ];
    for (const { source } of differences) assert.match(lines.stdout, new RegExp(`^FAIL  .*: ${source.slice(1)}`, 'm'));
    assert.match(lines.stdout, /\n0 passed, 4 failed\n$/);
    assert.deepEqual([lines.code, lines.stderr], [1, '']);

    const { passed, failed, results } = JSON.parse(json.stdout) as {
      passed: number;
      failed: number;
      results: { difference: string }[];
    };
    assert.deepEqual([passed, failed, json.code], [0, 4, 1]);
    for (const [i, expected] of differences.entries()) assert.match(results[i]?.difference ?? '', expected);
  });

  test('refuses in one line what it cannot use', async () => {
    await refused(['ale', join(folder, 'nowhere.json')], /nowhere\.json: no such file/);
    await refused([], /which one\?/);
  });
});

describe('npm run conformance -- rim', { concurrency: true }, () => {
  test('has a line per case and kernels, and last how many passed', async () => {
    const { code, stdout } = await run('conformance', 'rim', oracle('rims.json'));
    const off =
      /^ok {4}lstm-state {12}rim {3}portable {3}19 tensors {2}at most \d\.\de-[678] of a tensor's largest value off$/m;
    assert.match(stdout, off);
    assert.match(stdout, /^ok {4}brim-2x {15}brim {2}native .*$/m);
    assert.match(stdout, /\n10 passed, 0 failed\n$/);
    assert.equal(code, 0);
  });

  test('names the first tensor that differs, and a case whose shapes do not belong together', async () => {
    const { rim, brim } = read<RimFile>('rims.json');
    rim[1]!.grads['commOutBias']![2]! += 0.01;
    rim[2]!.config.modules = 6;
    brim[0]!.grads.params[1]!['commOut']![0]![0]! *= -1;
    const { code, stdout } = await run('conformance', 'rim', file('rims.json', { rim, brim }));
    const off = /gradient of commOutBias: value 2 is \S+ where \S+ was expected, off by 0\.01/;
    assert.match(stdout, new RegExp(`^FAIL {2}lstm-candidate-gated  rim   portable .*: ${off.source}`, 'm'));
    assert.match(stdout, new RegExp(`^FAIL {2}lstm-candidate-gated  rim   native .*: ${off.source}`, 'm'));
    assert.match(stdout, /^FAIL {2}gru-state-2heads .* native .* no numbers: rimSequence: inputQuery has shape/m);
    assert.match(stdout, /^FAIL {2}brim-2x .*: gradient of 1\.commOut: value 0 is /m);
    assert.match(stdout, /\n4 passed, 6 failed\n$/);
    assert.equal(code, 1);
  });
});

/** Fails unless the command prints one line that begins with `error: ` and matches, nothing else, and exits with 2. */
async function refused(args: readonly string[], message: RegExp): Promise<void> {
  const { code, stdout, stderr } = await run('conformance', ...args);
  assert.match(stderr, message);
  assert.match(stderr, /^error: [^\n]*\n$/);
  assert.deepEqual([code, stdout], [2, '']);
}
