// An exported agent says what ours says: in onnxruntime's WebAssembly build, in Node, and in Python's.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import * as ort from 'onnxruntime-web';
import { ActorCritic } from '../../../agents/actor-critic.ts';
import { Agent } from '../../../agents/agent.ts';
import type { Bundle } from '../../../agents/bundle/read-bundle.ts';
import { loadTensorFlow } from '../../../agents/kernels/backend.ts';
import { type Kernels, selectKernels } from '../../../agents/kernels/index.ts';
import { portableKernels } from '../../../agents/kernels/portable/index.ts';
import { stateNames } from '../../../agents/onnx/core.ts';
import { onnxModel, type OnnxState } from '../../../agents/onnx/model.ts';
import { onnxPython } from '../../peers/onnx-python.ts';
import { agents, batch, drawn, sequence, type Step } from './samples.ts';

/** What comes out of one step. */
interface Said {
  readonly logits: ArrayLike<number>;
  readonly value: ArrayLike<number>;
  readonly states: readonly ArrayLike<number>[];
  readonly hidden: ArrayLike<number>;
  readonly active?: ArrayLike<number>;
  readonly nullAttention?: ArrayLike<number>;
}

interface Sample {
  readonly name: string;
  readonly bundle: Bundle;
  readonly file: Uint8Array;
  readonly steps: readonly Step[];
}

const tolerance = 1e-4;
const samples: readonly Sample[] = Object.entries(agents).map(([name, options]) => {
  const bundle = drawn(options, 3);
  return { name, bundle, file: onnxModel(bundle), steps: sequence(options, 4) };
});

let kernels: Kernels;
before(async () => {
  await loadTensorFlow();
  kernels = selectKernels('auto');
});

describe("in Node, onnxruntime's WebAssembly says over sequences with resets what ours does", () => {
  for (const sample of samples) test(sample.name, async () => agree(sample, await inWebAssembly(sample), ours(sample)));
});

test("Python's onnxruntime says so too; ONNX' checker accepts the files; the metadata are complete", async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rim-agents-onnx-'));
  after(() => rmSync(folder, { recursive: true }));
  const python = await onnxPython();
  const jobs = samples.map(({ bundle, file, steps }, i) => {
    const { observationType: type, observationShape } = bundle.manifest.agent;
    const [path, observations] = [join(folder, `${i}.onnx`), join(folder, `${i}.raw`)];
    writeFileSync(path, file);
    writeFileSync(observations, Buffer.concat(steps.map(({ observation }) => bytes(observation))));
    const keep = steps.map(({ keep }) => [...keep]);
    return { file: path, observations, type, shape: [steps.length, batch, ...observationShape], keep };
  });
  const script = fileURLToPath(new URL('../../peers/onnx_run.py', import.meta.url));
  const answers = JSON.parse(
    execFileSync(python, [script], { input: JSON.stringify(jobs), maxBuffer: 2 ** 28 }).toString(),
  ) as { metadata: Record<string, string>; steps: Said[] }[];
  for (const [i, sample] of samples.entries()) {
    const { metadata = {}, steps = [] } = answers[i] ?? {};
    agree(sample, steps, ours(sample));
    const { agent, environment, training, license } = sample.bundle.manifest;
    const { game, recipe, actionMeanings, settings } = environment;
    const { fileSha256, ...described } = metadata;
    assert.equal(fileSha256, createHash('sha256').update(sample.file.subarray(0, -80)).digest('hex'));
    const { core } = new ActorCritic(agent, portableKernels);
    const states = core.stateWidths.map((width, i): OnnxState => {
      const input = stateNames(agent.core)[i] as string;
      return { input, output: `next.${input}`, width };
    });
    assert.deepEqual(described, {
      ...{ format: '2', game, recipe, license, agentStep: '1024', update: '7', sha256: 'c0ffee' },
      ...json({ actionMeanings, settings, agent, training, states }),
    });
  }
});

function ours({ bundle, steps }: Sample): Said[] {
  const agent = new Agent(bundle, kernels);
  let states: readonly Float32Array[] = agent.core.stateWidths.map((width) => new Float32Array(batch * width));
  const said = steps.map(({ observation, keep }): Said => {
    const { logits, values: value, hidden, activation, ...after } = agent.actBatch(observation, states, keep);
    ({ states } = after);
    return { logits, value, states, hidden, ...activation };
  });
  agent.dispose();
  return said;
}

async function inWebAssembly({ bundle, file, steps }: Sample): Promise<Said[]> {
  const { observationType, observationShape } = bundle.manifest.agent;
  const session = await ort.InferenceSession.create(file);
  const names = session.inputNames.filter((input) => input !== 'observation' && input !== 'keep');
  const widths = session.inputMetadata.flatMap((input) =>
    input.isTensor && names.includes(input.name) ? [input.shape[1] as number] : [],
  );
  // The first step resets them.
  let states = widths.map((width) => new ort.Tensor(new Float32Array(batch * width).fill(9), [batch, width]));
  const said: Said[] = [];
  for (const { observation, keep } of steps) {
    const found = await session.run({
      observation: new ort.Tensor(observationType, observation, [batch, ...observationShape]),
      keep: new ort.Tensor(keep, [batch]),
      ...Object.fromEntries(names.map((name, i) => [name, states[i] as ort.Tensor])),
    });
    states = names.map((name) => found[`next.${name}`] as ort.TypedTensor<'float32'>);
    const { logits, value, hidden, active, nullAttention } = Object.fromEntries(
      Object.entries(found).map(([name, { data }]) => [name, data as Float32Array]),
    ) as Record<keyof Said, Float32Array>;
    const activation = active && { active, nullAttention };
    said.push({ logits, value, states: states.map(({ data }) => data as Float32Array), hidden, ...activation });
  }
  await session.release();
  return said;
}

function agree({ name }: Sample, found: readonly Said[], expected: readonly Said[]): void {
  assert.equal(found.length, expected.length);
  for (const [t, said] of expected.entries()) {
    const others = byName(found[t] as Said);
    assert.deepEqual([...others.keys()].sort(), [...byName(said).keys()].sort(), name);
    for (const [what, values] of byName(said)) {
      const other = others.get(what) as ArrayLike<number>;
      assert.equal(other.length, values.length, `${name}: ${what}`);
      const most = Math.max(...Array.from(values, (value, i) => Math.abs(value - (other[i] as number))));
      assert.ok(most <= (what === 'active' ? 0 : tolerance), `${name}: ${what} of step ${t} differs by ${most}`);
    }
  }
}

function byName({ states, ...others }: Said): Map<string, ArrayLike<number>> {
  return new Map([...Object.entries(others), ...states.map((state, i) => [`state ${i}`, state] as const)]);
}

function bytes({ buffer, byteOffset, byteLength }: Uint8Array | Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function json(values: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, JSON.stringify(value)]));
}
