import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { rimDefaults } from '../../../agents/cores/options.ts';
import {
  checkCore,
  coreOptions,
  type CoreSettings,
  coreSettings,
  refuseUnusedCore,
} from '../../../src/settings/core-settings.ts';

const table = z.strictObject(
  coreSettings({
    core: 'rim',
    ...{ modules: 6, units: 100, active: 4, hidden: 600, layers: '6x50:4,3x100:2' },
    ...{ commKey: 16, commValue: 16, dropout: 0.1 },
  }),
);
const settings = (given: Partial<CoreSettings> = {}): CoreSettings => table.parse(given);

test("a command's defaults make its core; what they leave out is the authors'", () => {
  assert.deepEqual(coreOptions(settings()), {
    kind: 'rim',
    ...rimDefaults(100),
    ...{ modules: 6, units: 100, active: 4, commKey: 16, commValue: 16, dropout: 0.1, initialisation: 'orthogonal' },
  });
  assert.deepEqual(coreOptions(settings({ core: 'lstm' })), { kind: 'lstm', units: 600 });
  assert.deepEqual(coreOptions(settings({ core: 'gru', hidden: 7 })), { kind: 'gru', units: 7 });
  assert.deepEqual(coreOptions(settings({ core: 'ff' })), { kind: 'ff' });
});

test('what a source is not given for shows none', () => {
  const source = (key: keyof CoreSettings, of = table): unknown => of.shape[key].meta()?.['source'];
  for (const key of ['modules', 'units', 'active', 'layers', 'dropout'] as const) assert.equal(source(key), undefined);
  const sourced = z.strictObject(
    coreSettings({
      core: 'rim',
      ...{ modules: 6, units: 100, active: 4, hidden: 600, layers: '6x50:4', commKey: 16, commValue: 16 },
      ...{ dropout: 0, sources: { sizes: 'a paper', dropout: 'a program' } },
    }),
  );
  const keys = ['modules', 'layers', 'dropout'] as const;
  assert.deepEqual(
    keys.map((key) => source(key, sourced)),
    ['a paper', undefined, 'a program'],
  );
});

test('layers of a BRIM share all but their sizes, and only the features are cut into elements', () => {
  const brim = coreOptions(settings({ core: 'brim', layers: '6x50:4, 3x100:2', inputElements: 2, commHeads: 3 }));
  assert.equal(brim.kind, 'brim');
  const shared = { ...rimDefaults(1), commHeads: 3, commKey: 16, commValue: 16, dropout: 0.1 };
  assert.deepEqual('layers' in brim && brim.layers, [
    { ...shared, modules: 6, units: 50, active: 4, inputValue: 200, inputElements: 2 },
    { ...shared, modules: 3, units: 100, active: 2, inputValue: 400 },
  ]);
});

const contradictions: [Partial<CoreSettings>, RegExp][] = [
  [{ active: 7 }, /^7 active modules of 6: --active must not exceed --modules; at most all modules can be active$/],
  [{ core: 'brim', layers: '2x5:1,2x5:3' }, /^3 active modules of 2: --layers is modules x units : active/],
  [{ core: 'brim', layers: '6x50,3x100:2' }, /^--layers "6x50,3x100:2": cannot read "6x50"; .* as in 6x50:4,3x100:2/],
  [{ core: 'brim', layers: '' }, /cannot read ""/],
  [{ core: 'brim', layers: Array(65).fill('1x1:1').join(',') }, /^--layers names 65 layers; a BRIM has 64 at most$/],
  [{ core: 'brim', layers: '65x5:1' }, /cannot read "65x5:1".*1 to 64 modules/],
  [{ inputAttention: false }, /^--no-input-attention with 4 active modules of 6: .*take --active 6$/],
  [{ core: 'brim', inputAttention: false }, /^--no-input-attention with 4 active .*give the layer 6 active ones$/],
  [{ communication: false, commGate: true }, /^--comm-gate gates communication, which --no-communication leaves out/],
];
for (const [given, message] of contradictions)
  test(`${JSON.stringify(given)} is refused in one line`, () => {
    assert.throws(() => checkCore(settings(given)), { name: 'UserError', message });
  });

test('what another core contradicts does not matter', () => {
  for (const core of ['lstm', 'gru', 'ff'] as const) checkCore(settings({ core, active: 7, layers: 'x' }));
  checkCore(settings({ layers: 'x' }));
});

const unused: [Partial<CoreSettings>, RegExp][] = [
  [{ core: 'lstm', modules: 3 }, /^--modules does nothing with --core lstm; leave it out, or take --core rim$/],
  [{ core: 'brim', units: 3 }, /^--units does nothing with --core brim/],
  [{ layers: '1x1:1' }, /^--layers does nothing with --core rim; leave it out, or take --core brim$/],
  [{ core: 'ff', hidden: 3 }, /^--hidden does nothing with --core ff; leave it out, or take --core lstm or gru$/],
  [{ core: 'gru', communication: false }, /^--no-communication does nothing with --core gru/],
  [{ communication: false, commHeads: 2 }, /^--comm-heads does nothing with --no-communication/],
  [{ communication: false, readInactive: 'candidate' }, /^--read-inactive does nothing with --no-communication/],
  [{ inputAttention: false, active: 6, inputKey: 2 }, /^--input-key does nothing with --no-input-attention/],
];
for (const [given, message] of unused)
  test(`${JSON.stringify(given)} is refused, as some of it does nothing`, () => {
    assert.throws(() => refuseUnusedCore(given, settings(given)), { name: 'UserError', message });
  });

test('bf16 is refused with more input elements than the native kernels take', () => {
  const refused = (given: Partial<CoreSettings>, message: RegExp): void =>
    assert.throws(() => refuseUnusedCore({ ...given, precision: 'bf16' }, settings(given)), { message });
  refused({ inputElements: 17 }, /^--precision bf16 does nothing with 17 input elements: above 16 the portable/);
  refused({ core: 'brim', inputElements: 16 }, /with 17 input elements, the layer above being one: above 16/);
  for (const given of [{ inputElements: 16 }, { core: 'brim', inputElements: 15 }] as Partial<CoreSettings>[])
    refuseUnusedCore({ ...given, precision: 'bf16' }, settings(given));
});

test('settings that do something, and those of other things, pass', () => {
  for (const given of [{ core: 'brim', layers: '1x1:1', dropout: 0.5 }, { modules: 7 }, { core: 'lstm', hidden: 3 }])
    refuseUnusedCore({ ...given, learningRate: 1 }, settings(given as Partial<CoreSettings>));
});
