import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { loadBundle } from '../../../agents/bundle/load-bundle.ts';
import { onnxModel } from '../../../agents/onnx/model.ts';
import { exportAgent } from '../../../src/export/export-agent.ts';
import { small, written } from '../../agents/bundle/samples.ts';
import { run } from '../cli/command.ts';

const folder = mkdtempSync(join(tmpdir(), 'rim-agents-export-'));
after(() => rmSync(folder, { recursive: true }));
const path = (name: string): string => join(folder, name);

/** The folder of a run, as far as its agent. */
const agentOf = path('run');
mkdirSync(join(agentOf, 'agent'), { recursive: true });
const { manifest, weights } = written(small('rim'));
writeFileSync(join(agentOf, 'agent/agent.json'), manifest);
writeFileSync(join(agentOf, 'agent/weights.safetensors'), weights);

test('a bundle holds the agent of the run', async () => {
  await exportAgent(agentOf, 'bundle', path('new/bundle'));
  assert.deepEqual(await loadBundle(path('new/bundle')), await loadBundle(agentOf));
  assert.deepEqual(readFileSync(path('new/bundle/weights.safetensors')), weights);
});

test('npm run export writes an ONNX file and says what it is, also as JSON', async () => {
  const { sha256 } = await loadBundle(agentOf);
  const expected = onnxModel(await loadBundle(agentOf));
  const plain = await run('export', agentOf, '--to', 'onnx', '--out', path('new/a.onnx'));
  assert.equal(plain.stdout, `${path('new/a.onnx')} (0.0 MB): rim on CartPole-v1 after 1,024 steps\n`);
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
  writeFileSync(path('file'), '');
  for (const [from, out, message] of [
    ['nowhere', 'c', /^there is no .*nowhere; give the folder of a run/],
    ['empty', 'c', /^no agent in .*empty: give the folder of a run/],
    ['damaged', 'c', /damaged\/weights\.safetensors is damaged \(truncated/],
    ['run', 'file', /file exists; remove it, or choose another --out$/],
    ['run', 'file/c', /^cannot make .*: .* choose another path$|^cannot write .*: a part of the path is a file/],
  ] as const)
    for (const form of ['onnx', 'bundle'] as const)
      await assert.rejects(exportAgent(path(from), form, path(out)), { name: 'UserError', message });
  assert.ok(!existsSync(path('c')));
  await assert.rejects(exportAgent(agentOf, 'onnx', '/proc/nowhere/a.onnx'), {
    message: /^cannot make \/proc\/nowhere: /,
  });
});
