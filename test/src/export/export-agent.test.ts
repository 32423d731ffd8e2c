import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { loadBundle } from '../../../agents/bundle/load-bundle.ts';
import { onnxModel } from '../../../agents/onnx/model.ts';
import { exportAgent } from '../../../src/export/export-agent.ts';
import { small, written } from '../../agents/bundle/samples.ts';
import { nodeArguments, run } from '../cli/command.ts';

const folder = mkdtempSync(join(tmpdir(), 'rim-agents-export-'));
after(() => rmSync(folder, { recursive: true }));
const path = (name: string): string => join(folder, name);

/** The folder of a run, as far as its agent. */
const agentOf = path('run');
mkdirSync(join(agentOf, 'agent'), { recursive: true });
const { manifest, weights } = written(small('rim'));
writeFileSync(join(agentOf, 'agent/agent.json'), manifest);
writeFileSync(join(agentOf, 'agent/weights.safetensors'), weights);

test("a bundle of a run, and one of that bundle, hold what the run's agent has", async () => {
  const { agentStep, update } = await exportAgent(agentOf, 'bundle', path('new/bundle'));
  assert.deepEqual([agentStep, update], [1024, 7]);
  await exportAgent(path('new/bundle'), 'bundle', path('new/again'));
  for (const copy of [path('new/bundle'), path('new/again')]) {
    assert.deepEqual(readdirSync(copy).sort(), ['agent.json', 'weights.safetensors']);
    assert.deepEqual(JSON.parse(readFileSync(join(copy, 'agent.json'), 'utf8')), JSON.parse(manifest.toString()));
    assert.deepEqual(readFileSync(join(copy, 'weights.safetensors')), weights);
  }
});

test('npm run export writes an ONNX file and says what it is, also as JSON', async () => {
  const { sha256 } = await loadBundle(agentOf);
  const expected = onnxModel(await loadBundle(agentOf));
  const plain = await run('export', agentOf, '--to', 'onnx', '--out', path('new/a.onnx'));
  assert.equal(plain.stdout, `${path('new/a.onnx')} (11 kB): rim on CartPole-v1 after 1,024 steps\n`);
  assert.deepEqual(new Uint8Array(readFileSync(path('new/a.onnx'))), new Uint8Array(expected));
  const out = path('b.onnx');
  const { stdout } = await run('export', agentOf, '--to', 'onnx', '--out', out, '--json');
  const described = { out, to: 'onnx', game: 'CartPole-v1', core: 'rim', agentStep: 1024, sha256 };
  assert.deepEqual(JSON.parse(stdout), described);
});

test('mistaken flags are told in one line', async () => {
  for (const [args, said] of [
    [['--to', 'tensorflow', '--out', 'x'], /'tensorflow' is invalid\. Allowed choices are onnx, bundle/],
    [['--to', 'onnx'], /'--out <path>' not specified/],
    [['another', '--to', 'onnx', '--out', 'x'], /too many arguments/],
  ] as const) {
    const { code, stderr } = await run('export', agentOf, ...args);
    assert.equal(code, 2);
    assert.match(stderr, said);
    assert.equal(stderr.trimEnd().split('\n').length, 1);
  }
});

test('no run, no agent, a damaged one, a place that is taken or not writable: refused, nothing is left', async () => {
  mkdirSync(path('empty'));
  mkdirSync(path('damaged'));
  writeFileSync(path('damaged/agent.json'), manifest);
  writeFileSync(path('damaged/weights.safetensors'), weights.subarray(0, -1));
  writeFileSync(path('file'), 'not ours');
  for (const [from, out, message] of [
    ['nowhere', 'c', /^there is no .*nowhere; give the folder of a run/],
    ['empty', 'c', /^no agent in .*empty: give the folder of a run/],
    ['damaged', 'c', /damaged\/weights\.safetensors is damaged \(truncated/],
    ['run', 'file', /file exists; remove it, or choose another --out$/],
    ['run', 'file/c', /^cannot make .*: .* choose another path$|^cannot write .*: a part of the path is a file/],
  ] as const)
    for (const form of ['onnx', 'bundle'] as const) {
      await assert.rejects(exportAgent(path(from), form, path(out)), { name: 'UserError', message });
      assert.equal(readFileSync(path('file'), 'utf8'), 'not ours');
    }
  assert.ok(!existsSync(path('c')));
  await assert.rejects(exportAgent(agentOf, 'onnx', '/proc/nowhere/a.onnx'), {
    message: /^cannot make \/proc\/nowhere: /,
  });
});

test('where the disk takes no more, also at the second file, nothing is left', () => {
  const from = path('large');
  mkdirSync(from);
  const large = written({ ...small('lstm'), features: 64 });
  assert.ok(large.manifest.length < 8192 && large.weights.length > 8192);
  writeFileSync(join(from, 'agent.json'), large.manifest);
  writeFileSync(join(from, 'weights.safetensors'), large.weights);
  for (const form of ['onnx', 'bundle']) {
    const out = join(path('made'), form);
    // Blocks of 512 or 1024 bytes, as the shell has it.
    const { status, stderr } = spawnSync(
      'sh',
      [
        '-c',
        'ulimit -f 8; exec "$0" "$@"',
        process.execPath,
        ...nodeArguments('export', [from, '--to', form, '--out', out]),
      ],
      {
        encoding: 'utf8',
        env: { ...process.env, TSX_DISABLE_CACHE: '1' },
      },
    );
    assert.equal(status, 2, stderr);
    assert.match(stderr, /^error: cannot write \S+: the file would be larger than is allowed here; [^\n]*\n$/);
    assert.ok(!existsSync(path('made')), form);
  }
});
