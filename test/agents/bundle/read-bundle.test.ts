// Whatever happens to an agent's files: they are read as they were written, or refused in one line.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Bundle, readBundle } from '../../../agents/bundle/read-bundle.ts';
import { weightsHash } from '../../../agents/bundle/hash.ts';
import { type AgentDescription, manifestText } from '../../../agents/bundle/manifest.ts';
import { coreKinds, type CoreOptions } from '../../../agents/cores/options.ts';
import { rimDefaults } from '../../../agents/cores/options.ts';
import { Random } from '../../../agents/random.ts';
import { cores, describe, type Files, small, written } from './samples.ts';

const read = ({ manifest, weights }: Files): Bundle => readBundle(JSON.parse(manifest.toString()), weights);

/** Reads damaged files. @returns what the user is told; fails unless it is one line, from an error meant for users */
function refusal(files: Files): string {
  try {
    read(files);
  } catch (error) {
    assert.ok(error instanceof Error);
    if (error instanceof SyntaxError) return 'not JSON'; // agent.json alone, before any of this is asked
    assert.equal(error.name, 'UserError', error.stack);
    assert.doesNotMatch(error.message, /\n/);
    assert.ok(error.message.length < 400, error.message);
    return error.message;
  }
  return assert.fail('the files were read');
}

for (const core of coreKinds)
  test(`${core}: what is read is what was written`, () => {
    const { manifest, weights, parameters } = written(small(core), (parameters) => parameters.set([-0, 1e-40]));
    const bundle = read({ manifest, weights });
    assert.deepEqual(bundle.parameters, parameters);
    assert.deepEqual([bundle.agentStep, bundle.update], [1024, 7]);
    const { environment, ...rest } = describe(small(core));
    const { left: _left, ...settings } = environment.settings as Record<string, unknown>;
    assert.deepEqual(bundle.manifest, {
      ...{ format: 2, ...rest, environment: { ...environment, settings } },
      weights: 'weights.safetensors',
    });
  });

type Header = Record<string, { dtype?: unknown; shape?: unknown; data_offsets?: unknown }> & {
  __metadata__?: Record<string, string>;
};

/** Weights with another header, and values, whose hash is right all the same. */
function rewritten(weights: Buffer, change: (header: Header, values: Buffer) => Header | void): Buffer {
  const end = 8 + Number(weights.readBigUInt64LE(0));
  const header = JSON.parse(weights.subarray(8, end).toString()) as Header;
  const values = Buffer.from(weights.subarray(end));
  const changed = change(header, values) ?? header;
  if (changed.__metadata__) changed.__metadata__['sha256'] = weightsHash([values], 1024, 7);
  const text = Buffer.from(JSON.stringify(changed));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, values]);
}

const files = written(small('gru'));
const tensor = (header: Header, name = 'core.bias') => header[name] as { shape: number[]; data_offsets: number[] };

const weightFaults: Record<string, [RegExp, (header: Header, values: Buffer) => Header | void]> = {
  'a missing tensor': [
    /"core\.bias" is missing/,
    ({ 'core.bias': bias, ...header }) => ({ ...header, 'core.other': bias }) as unknown as Header,
  ],
  'an unknown tensor': [
    /"more" is none of the network/,
    (header) => void (header['more'] = { ...tensor(header), shape: [0], data_offsets: [0, 0] }),
  ],
  'another type': [/"core\.bias" is not of float32/, (header) => void Object.assign(tensor(header), { dtype: 'I32' })],
  'another shape': [
    /"core\.bias" is of shape 5x3, the network's of 15/,
    (header) => void (tensor(header).shape = [5, 3]),
  ],
  'a shape of no numbers': [
    /header: core\.bias\.shape/,
    (header) => void Object.assign(tensor(header), { shape: 'x' }),
  ],
  'an offset that is none': [
    /header: core\.bias\.data_offsets/,
    (header) => void (tensor(header).data_offsets[0] = -4),
  ],
  'an end before the beginning': [/ends before it begins/, (header) => void tensor(header).data_offsets.reverse()],
  'an end after the values': [
    /truncated: tensor "core\.bias" ends at byte/,
    (header) => void (tensor(header).data_offsets[1] = 1e9),
  ],
  overlap: [/overlaps the tensor before/, (header) => void ((tensor(header).data_offsets[0] as number) -= 4)],
  'a hole': [/leaves a hole/, (header) => void ((tensor(header).data_offsets[0] as number) += 4)],
  'two tensors swapped in size': [
    /"core\.bias" has 56 bytes, 60 are wanted/,
    (header) => {
      (tensor(header).data_offsets[1] as number) -= 4;
      (tensor(header, 'core.hiddenBias').data_offsets[0] as number) -= 4;
    },
  ],
  'no metadata': [/its metadata have no agentStep/, ({ __metadata__: _, ...header }) => header as Header],
  'steps that are no number': [
    /no update/,
    ({ __metadata__ }) => void Object.assign(__metadata__ ?? {}, { update: '1.5' }),
  ],
  NaN: [
    /"policy\.weights" holds a number that is not finite/,
    (header, values) => void values.writeFloatLE(NaN, tensor(header, 'policy.weights').data_offsets[0]),
  ],
  infinity: [
    /"value\.bias" holds a number that is not finite/,
    (header, values) => void values.writeFloatLE(-Infinity, tensor(header, 'value.bias').data_offsets[0]),
  ],
};
for (const [fault, [expected, change]] of Object.entries(weightFaults))
  test(`weights with ${fault}, under a right hash, are refused`, () => {
    const weights = rewritten(files.weights, change);
    assert.match(refusal({ ...files, weights }), expected);
  });

test('weights that are only written in another order are read', () => {
  const weights = rewritten(files.weights, (header) => Object.fromEntries(Object.entries(header).reverse()) as Header);
  assert.deepEqual(read({ ...files, weights }).parameters, files.parameters);
});

test('weights of another network are refused, also where only the core differs', () => {
  assert.match(
    refusal({ ...files, weights: written(small('lstm')).weights }),
    /weights\.safetensors is damaged \(tensor/,
  );
  assert.match(
    refusal({ ...files, manifest: written(small('ff')).manifest }),
    /weights\.safetensors is damaged \(tensor/,
  );
});

test('a header that is none is refused', () => {
  const huge = Buffer.from(files.weights);
  huge.writeBigUInt64LE(2n ** 63n);
  assert.match(refusal({ ...files, weights: huge }), /a header of 9223372036854775808 bytes/);
  const text = Buffer.from(files.weights);
  text.write('{{', 8);
  assert.match(refusal({ ...files, weights: text }), /its header is not JSON/);
  const nested = Buffer.concat([Buffer.alloc(8), Buffer.from(`{"a":${'['.repeat(1e5)}${']'.repeat(1e5)}}`)]);
  nested.writeBigUInt64LE(BigInt(nested.length - 8));
  assert.match(refusal({ ...files, weights: nested }), /header: a: /);
});

interface Loose {
  readonly agent: { readonly core: object };
  readonly environment: { readonly settings: object };
  readonly sha256: string;
}

const manifestFaults: [RegExp, (manifest: Loose) => unknown][] = [
  [/agent\.json is damaged \(it describes no agent\)/, () => 'text'],
  [/agent\.json is damaged \(it describes no agent\)/, () => []],
  [/has format 1, this version reads 2; use the version that wrote it/, () => ({ format: 1, agent: {} })],
  [/has format "2.*…, this version reads 2/, () => ({ format: `2${'\n'.repeat(100)}${'x'.repeat(100)}` })],
  [/\(agent\.core\.units: /, ({ agent }) => void Object.assign(agent.core, { units: 1e9 })],
  [/\(agent\.core\.kind: /, ({ agent }) => void Object.assign(agent.core, { kind: '__proto__' })],
  [/\(weights: /, (manifest) => ({ ...manifest, weights: '../../weights.safetensors' })],
  [
    /\(environment\.settings\.deep: /,
    ({ environment }) => void Object.assign(environment.settings, { deep: { er: 1 } }),
  ],
  [/Unrecognized key/, (manifest) => ({ ...manifest, more: 1 })],
  [/\(its sha256 is not that of its content\)/, ({ environment }) => void Object.assign(environment, { game: 'Pong' })],
  [/\(its sha256 is not that of its content\)/, ({ sha256: _, ...rest }) => rest],
];
for (const [expected, change] of manifestFaults)
  test(`agent.json that ${expected.source} is refused`, () => {
    const content = JSON.parse(files.manifest.toString()) as Loose;
    const manifest = Buffer.from(JSON.stringify(change(content) ?? content));
    assert.match(refusal({ ...files, manifest }), expected);
  });

const networkFaults: [RegExp, AgentDescription][] = [
  [
    /it describes no network: 9 active modules of 3/,
    describe({ ...small('rim'), core: { ...cores.rim, active: 9 } as CoreOptions }),
  ],
  [
    /it describes no network: no network for uint8 .* 5x5x3/,
    describe({ ...small('ff'), observationType: 'uint8', observationShape: [5, 5, 3] }),
  ],
  [
    /has \d+ bytes of values, the network of agent\.json \d{11}/,
    describe({
      ...small('brim'),
      core: { kind: 'brim', layers: Array(64).fill({ ...rimDefaults(4096), modules: 64, units: 4096, active: 64 }) },
    }),
  ],
  [/\(3 actions, but 2 meanings\)/, describe({ ...small('ff'), actions: 3 })],
];
for (const [expected, description] of networkFaults)
  test(`agent.json in which ${expected.source} is refused`, () =>
    assert.match(refusal({ ...files, manifest: Buffer.from(manifestText(description)) }), expected));

test('an agent.json that would be refused is not written', () => {
  const described = describe(small('ff'));
  const withSettings = (settings: object): AgentDescription => ({
    ...described,
    training: { ...described.training, settings },
  });
  assert.throws(() => manifestText(withSettings({ clip: NaN })), /clip is NaN/);
  assert.throws(() => manifestText(withSettings({ nested: { a: 1 } })), /nested/);
  assert.ok(manifestText(withSettings({ left: undefined })));
});

test('of 3,000 files with flipped bits, cut or stretched, each is refused, or reads as it was written', () => {
  const random = new Random(11);
  const expected = read(files);
  const refused = { manifest: 0, weights: 0 };
  for (let i = 0; i < 3000; i++) {
    const which = random.integer(2) === 0 ? 'manifest' : 'weights';
    const bytes = mutated(files[which], random);
    try {
      assert.deepEqual(read({ ...files, [which]: bytes }), expected);
    } catch (error) {
      if (error instanceof assert.AssertionError) throw error;
      refusal({ ...files, [which]: bytes });
      refused[which] += 1;
    }
  }
  assert.ok(refused.weights > 1300 && refused.manifest > 1200, JSON.stringify(refused));
});

function mutated(original: Buffer, random: Random): Buffer {
  const place = random.integer(original.length);
  switch (random.integer(6)) {
    case 0:
      return Buffer.from(original.subarray(0, place));
    case 1:
      return Buffer.concat([original, original.subarray(place)]);
    case 2: {
      const other = random.integer(original.length);
      return Buffer.concat([original.subarray(0, place), original.subarray(other)]);
    }
    default: {
      const bytes = Buffer.from(original);
      // Half of them where a header is: that is where a flip could pass for another number.
      const header = random.integer(2) === 0 ? 2000 : bytes.length;
      for (let flips = 1 + random.integer(3); flips > 0; flips--) {
        const at = random.integer(Math.min(header, bytes.length));
        bytes[at] = (bytes[at] as number) ^ (1 << random.integer(8));
      }
      return bytes;
    }
  }
}
