// No call of an operation of ours reads or writes out of bounds, whatever it is given: what does not fit is an error
// that names it. A read out of bounds would rarely fail here; docs/kernels.md says how to run this with sanitizers.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { loadTensorFlow } from '../../../agents/kernels/backend.ts';
import { Random } from '../../../agents/random.ts';
import type { Tensors } from './cases.ts';
import { attributesOf, call, draw, makeInputs, operations } from './native-operations.ts';
import type { Operation, Settings, Sizes } from './operation.ts';

describe('operations check what they are given', () => {
  before(() => loadTensorFlow({ threads: 2 }));

  for (const operation of operations) {
    const name = [operation.name, operation.variant].filter(Boolean).join(' ');

    test(`${name}: every input of a wrong shape or type`, () =>
      tf.tidy(() => {
        const inputs = makeInputs(operation, new Random(1));
        run(operation, inputs);
        for (const [input, tensor] of Object.entries(inputs)) {
          for (const shape of wrongShapes(tensor.shape)) {
            if (differsInFree(operation, input, tensor.shape, shape)) continue;
            if (operation.optional?.includes(input) && String(shape) === '0') continue;
            const wrong = draw(new Random(2), shape, operation, input);
            assertNamed(operation, () => run(operation, { ...inputs, [input]: wrong }), `${input} of (${shape})`);
            wrong.dispose();
          }
          const other = tf.zeros(tensor.shape, operation.integers?.includes(input) ? 'float32' : 'int32');
          assert.throws(() => run(operation, { ...inputs, [input]: other }), /int32/, input);
          other.dispose();
        }
      }));

    test(`${name}: every attribute 0, negative and too large`, () =>
      tf.tidy(() => {
        const inputs = makeInputs(operation, new Random(1));
        const settings = attributesOf(operation);
        for (const [attribute, value] of Object.entries(settings)) {
          for (const wrong of wrongValues(value)) {
            const attempt = (): void => void run(operation, inputs, { ...settings, [attribute]: wrong });
            assertNamed(operation, attempt, `${attribute} = ${wrong}`);
          }
        }
      }));

    test(`${name}: sizes of 0, 1, and those that fill no whole vector`, () => {
      const random = new Random(3);
      const few = operation.bytes ? [0, 1, 9] : [0, 1, 2, 3, 5, 17, 33];
      for (const size of Object.keys(operation.sizes))
        for (const value of few) tryOut(operation, { ...operation.sizes, [size]: value }, random);
      for (let i = 0; i < (operation.bytes ? 0 : 40); i++) {
        const any = Object.keys(operation.sizes).map((size) => [size, few[1 + random.integer(few.length - 1)]]);
        tryOut(operation, Object.fromEntries(any) as Sizes, random);
      }
    });

    test(`${name}: numbers of any value`, () =>
      tf.tidy(() => {
        const inputs = makeInputs(operation, new Random(4));
        for (const [input, tensor] of Object.entries(inputs)) {
          if (operation.bytes?.includes(input) || operation.integers?.includes(input)) continue;
          for (const value of [0, 1, -1, 0.5, 1e38, Infinity, -Infinity, NaN]) {
            const given = tf.fill(tensor.shape, value);
            run(operation, { ...inputs, [input]: given });
            given.dispose();
          }
        }
      }));
  }

  test('sizes that no processor has memory for', () => {
    const most = 2 ** 20;
    for (const name of ['RimAgentsLstm', 'RimAgentsGru', 'RimAgentsRim'])
      tf.tidy(() => {
        const operation = operations.find((candidate) => candidate.name === name) as Operation;
        const inputs = makeInputs(operation, new Random(5));
        const wide = { ...inputs, x: tf.zeros([1, 1, most + 1]) };
        assert.throws(() => run(operation, wide), /x has shape \[1,1,1048577\] where 3 dimensions from 1 to 1048576/);
        const matrix = name === 'RimAgentsRim' ? 'input_query' : 'hidden';
        const shape = name === 'RimAgentsRim' ? [1, most, 1] : [most, 1];
        assertNamed(operation, () => run(operation, { ...inputs, [matrix]: tf.zeros(shape) }), matrix);
      });
  });
});

function run(operation: Operation, inputs: Tensors, settings = attributesOf(operation)): void {
  const outputs = call(operation, settings, Object.values(inputs));
  for (const output of outputs) output.dispose();
}

/** A call with these sizes, if they are possible: it succeeds, or names what is wrong. */
function tryOut(operation: Operation, sizes: Sizes, random: Random): void {
  tf.tidy(() => {
    const isEmpty = Object.values(sizes).includes(0);
    const attempt = (): void => run(operation, makeInputs(operation, random, sizes), attributesOf(operation, sizes));
    try {
      attempt();
    } catch (error) {
      const { k = 0, n = 1 } = sizes;
      assert.ok(isEmpty || k > n, `${operation.name} fails with ${JSON.stringify(sizes)}: ${(error as Error).message}`);
      assertNamed(operation, () => {
        throw error;
      });
    }
  });
}

/** The message names our operation (or the one that makes its inputs), and what does not fit. */
function assertNamed(operation: Operation, attempt: () => void, what?: string): void {
  const names = [...Object.keys(operation.shapes(operation.sizes as never)), ...Object.keys(attributesOf(operation))];
  const ours = [operation.name, operation.taken?.from].filter(Boolean).join('|');
  const pattern = new RegExp(`(${ours}): .*\\b(${names.join('|')}|modules)\\b|Attr (${names.join('|')}) `);
  assert.throws(attempt, pattern, what);
}

function wrongValues(value: Settings[string]): (number | readonly number[])[] {
  if (typeof value === 'number')
    return [0, -1, -(2 ** 31), 2 ** 31 - 1, 2 ** 40, value + 1000].filter((wrong) => wrong !== value);
  if (typeof value !== 'object') return [];
  const first = [0, -1, 2 ** 31 - 1, (value[0] as number) + 1].map((wrong) => value.with(0, wrong));
  return [[], [...value, 1], Array<number>(17).fill(1), ...first];
}

/** More and fewer dimensions; each dimension 0, one less, one more, twice. */
function wrongShapes(shape: readonly number[]): number[][] {
  const size = shape.reduce((a, b) => a * b, 1);
  const others = [[], [...shape, 1], [1, ...shape]];
  if (shape.length > 1) others.push([size]);
  const dimensions = shape.flatMap((length, i) =>
    [0, length - 1, length + 1, 2 * length].map((other) => shape.with(i, other)),
  );
  return [...others, ...dimensions].filter(
    (other) => String(other) !== String(shape) && other.every((length) => length >= 0),
  );
}

function differsInFree({ free = [] }: Operation, input: string, shape: number[], other: number[]): boolean {
  if (shape.length !== other.length) return false;
  return shape.every((length, i) => length === other[i] || free.includes(`${input}[${i}]`));
}
