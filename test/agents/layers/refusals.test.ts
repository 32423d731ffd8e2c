// What the layers say to options and inputs that they cannot take.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { brim, ff, gru, lstm, rim } from '../../../agents/layers/index.ts';
import { sequences } from './examples.ts';

before(() => tf.setBackend('cpu'));

const few = { modules: 4, units: 8, active: 2 };
/** JavaScript checks no types. */
const any = (options: unknown): never => options as never;

const refused: readonly (readonly [make: () => unknown, message: RegExp])[] = [
  [() => rim(any(undefined)), /^rim: modules is missing; it must be a whole number from 1$/],
  [() => rim({ ...few, units: 0 }), /^rim: units is 0; it must be a whole number from 1$/],
  [() => rim({ ...few, units: NaN }), /^rim: units is NaN; /],
  [() => rim({ ...few, units: any('8') }), /^rim: units is "8"; /],
  [() => rim({ ...few, active: 5 }), /^rim: active is 5 of 4 modules; at most all can be active$/],
  [() => rim({ ...few, commHeads: 2.5 }), /^rim: commHeads is 2.5; it must be a whole number from 1$/],
  [() => rim({ ...few, rnn: any('rnn') }), /^rim: rnn is "rnn"; it must be "lstm" or "gru"$/],
  [() => rim({ ...few, commGate: any(1) }), /^rim: commGate is 1; it must be true or false$/],
  [() => rim({ ...few, dropout: 1 }), /^rim: dropout is 1; it must be a share from 0 to below 1$/],
  [() => rim({ ...few, seed: 0.5 }), /^rim: seed is 0.5; it must be a whole number$/],
  [
    () => rim({ ...few, ...(any({ activ: 2 }) as object) }),
    /^rim: unknown option "activ"; there are modules, units, active, rnn, /,
  ],
  [() => rim({ ...few, inputAttention: false }), /^rim: without inputAttention nothing decides .* make active 4, /],
  [() => rim({ ...few, commGate: true, communication: false }), /^rim: commGate gates communication, which is false; /],
  [() => brim({ layers: [] }), /^brim: layers is ; it must be a list of objects, each with the options of a layer$/],
  [() => brim({ layers: [few, any(null)] }), /^brim: layers is \[object Object\],; it must be a list of objects/],
  [() => brim({ layers: [few, { ...few, active: 5 }] }), /^brim, layer 1: active is 5 of 4 modules; /],
  [() => brim({ layers: [few, any({ ...few, kind: 'rim' })] }), /^brim, layer 1: unknown option "kind"; there are /],
  [() => lstm(any({ units: 4, modules: 2 })), /^lstm: unknown option "modules"; there are units, returnSequences, /],
  [() => gru(any({})), /^gru: units is missing; it must be a whole number from 1$/],
  [() => ff(any({ units: 4 })), /^ff: unknown option "units"; there are returnSequences, returnState, seed$/],
];

test('options that cannot be: one line each, with the mend', () => {
  for (const [make, message] of refused)
    assert.throws(make, (error: Error) => {
      assert.equal(error.name, 'UserError');
      assert.match(error.message, message);
      assert.doesNotMatch(error.message, /\n/);
      return true;
    });
});

test('an option that is undefined is one that was not given', () => {
  const layer = rim({ ...few, inputKey: any(undefined), seed: any(undefined) });
  assert.equal(layer.getConfig().inputKey, 64);
  assert.equal(layer.getConfig().seed, 0);
});

test('inputs that cannot be', () => {
  const layer = rim({ ...few, name: 'memory', returnState: true });
  layer.apply(sequences(2, 3));
  const states = [tf.zeros([2, 32]), tf.zeros([2, 32])];
  const cases: readonly (readonly [input: unknown, message: RegExp])[] = [
    [tf.zeros([2, 4]), /^rim layer "memory": the input has shape \(2, 4\); it must be \(batch, steps, width\)/],
    [tf.zeros([2, 0, 4]), /the input has shape \(2, 0, 4\); it must be \(batch, steps, width\), one step or more/],
    [tf.input({ shape: [3, null] }), /the input has shape \(any, 3, any\); .* a known width$/],
    [tf.zeros([2, 3, 5]), /^rim layer "memory": the input is 5 wide, but the layer was built for a width of 4$/],
    [
      [sequences(2, 3), states[0]],
      /states have shapes \(2, 32\); they must have \(2, 32\), \(2, 32\), or be left out$/,
    ],
    [[sequences(3, 3), ...states], /states have shapes \(2, 32\), \(2, 32\); they must have \(3, 32\), \(3, 32\), or/],
  ];
  for (const [input, message] of cases) assert.throws(() => layer.apply(input as tf.Tensor), { message });
  assert.throws(() => rim({ ...few, inputElements: 3 }).apply(sequences(2, 3)), {
    name: 'UserError',
    message: '4 features cannot be cut into 3 input elements of one width; take a number that divides 4',
  });
});
