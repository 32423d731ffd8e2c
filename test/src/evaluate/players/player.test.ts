// An agent plays alike, whatever file it is from.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import proto from 'onnx-proto';
import { readBundle } from '../../../../agents/bundle/read-bundle.ts';
import { coreKinds } from '../../../../agents/cores/options.ts';
import { onnxModel } from '../../../../agents/onnx/model.ts';
import { sealed } from '../../../../agents/onnx/seal.ts';
import { Random } from '../../../../agents/random.ts';
import { loadPlayer, type Player } from '../../../../src/evaluate/players/player.ts';
import { small, written } from '../../../agents/bundle/samples.ts';
import { temporaryFolder } from '../../runs/samples.ts';

const batch = 3;
const { ModelProto } = proto.onnx;

for (const core of coreKinds)
  test(`${core}: a bundle and an ONNX file say the same of observations, over steps with resets`, async (context) => {
    const folder = temporaryFolder(context);
    const { manifest, weights } = written(small(core));
    mkdirSync(join(folder, 'agent'));
    writeFileSync(join(folder, 'agent/agent.json'), manifest);
    writeFileSync(join(folder, 'agent/weights.safetensors'), weights);
    writeFileSync(join(folder, 'agent.onnx'), onnxModel(readBundle(JSON.parse(manifest.toString()), weights)));
    const ours = await loadPlayer(folder, undefined);
    const onnx = await loadPlayer(join(folder, 'agent.onnx'), undefined);
    for (const name of ['manifest', 'agentStep', 'update', 'sha256', 'parameterCount'] as const)
      assert.deepEqual(onnx[name], ours[name], name);
    for (const name of ['stateWidths', 'outputSize', 'modules'] as const)
      assert.deepEqual(onnx.core[name], ours.core[name], name);
    assert.deepEqual([ours.threads, onnx.threads], [availableParallelism(), 1]);
    const [first, second] = [await outputs(ours), await outputs(onnx)];
    assert.equal(first.length, second.length);
    for (const [i, values] of first.entries()) {
      const other = second[i] as Float32Array;
      assert.equal(other.length, values.length);
      assert.ok(
        values.every((value, k) => Math.abs(value - (other[k] as number)) < 1e-4),
        `output ${i}`,
      );
    }
    await ours.dispose();
    await onnx.dispose();
  });

/** All that comes out of five steps, the states fed back. */
async function outputs(player: Player): Promise<Float32Array[]> {
  const random = new Random(4);
  const { core } = player;
  let before: readonly Float32Array[] = core.stateWidths.map((width) => new Float32Array(batch * width).fill(9));
  const all: Float32Array[] = [];
  for (let step = 0; step < 5; step++) {
    const observations = Float32Array.from({ length: batch * 4 }, () => random.normal());
    const keep = Float32Array.from({ length: batch }, (_, row) => Number(step > 0 && (step + row) % 3 > 0));
    const { logits, values, states, hidden, activation } = await player.act(observations, before, keep);
    all.push(logits, values, ...states, hidden, ...(activation ? [activation.active, activation.nullAttention] : []));
    before = states;
  }
  return all;
}

test('an ONNX file that is damaged, cannot be loaded or is to have threads is refused in a line', async (context) => {
  const folder = temporaryFolder(context);
  const { manifest, weights } = written(small('gru'));
  const file = onnxModel(readBundle(JSON.parse(manifest.toString()), weights));
  const path = join(folder, 'agent.onnx');
  const model = ModelProto.decode(file);
  model.metadataProps.pop(); // the hash
  const [node] = model.graph?.node ?? [];
  Object.assign(node ?? {}, { opType: 'Nope' });
  for (const [content, threads, message] of [
    [
      Uint8Array.of(...file.subarray(0, -1), 65),
      undefined,
      /^\S+agent\.onnx: the ONNX file is damaged \(its fileSha256 [^\n]+; [^\n]+$/,
    ],
    [
      sealed(ModelProto.encode(model).finish()),
      undefined,
      /^\S+agent\.onnx: onnxruntime does not load it \([^\n]*Nope/,
    ],
    [file, 2, /^--threads is of TensorFlow, and \S+agent\.onnx is computed by onnxruntime; leave it out$/],
  ] as const) {
    writeFileSync(path, content);
    await assert.rejects(loadPlayer(path, threads), { name: 'UserError', message });
  }
});
