// Every space against what Gymnasium gave for the same seed (test/oracle/gymnasium-spaces.py).
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { batchSpace, Box, type Dtype, flatdim, flatten, flattenSpace, type SpaceSeed, Tuple, unflatten } from 'gym-js';
import { fromSpec, plain, type Spec } from './from-spec.ts';

interface Oracle {
  resultTypes: [a: Dtype, b: Dtype, result: string][];
  spaces: {
    space: Spec;
    text: string;
    seeds: unknown;
    samples: unknown[];
    batched?: { text: string; sample: unknown };
    flat?: { space: string; size: number; element: unknown; values: number[]; dtype: string };
  }[];
  masked: { space: Spec; kind: 'mask' | 'probability'; value: unknown; samples: unknown[] }[];
  seeded: { space: Spec; seed: SpaceSeed; seeds: unknown; samples: unknown[] }[];
}
const oracle = JSON.parse(
  readFileSync(new URL('../../../oracle/gymnasium-spaces.json', import.meta.url), 'utf8'),
) as Oracle;

/** Python's 64-bit integers are numbers of 32 bits here. */
const here = (text: string): string => text.replaceAll('int64', 'int32');

for (const { space: spec, text, seeds, samples, batched, flat } of oracle.spaces) {
  test(text.length < 100 ? text : `${text.slice(0, 100)}...`, () => {
    const space = fromSpec(spec);
    assert.equal(space.toString(), text);
    assert.deepEqual(plain(space.seed(123)), seeds);
    for (const expected of samples) {
      const sample = space.sample();
      assert.deepEqual(plain(sample), expected);
      assert.ok(space.contains(sample));
    }
    assert.ok(space.equals(fromSpec(spec)));
    if (batched !== undefined) {
      const several = batchSpace(space, 3);
      assert.equal(several.toString(), here(batched.text));
      assert.deepEqual(plain(several.sample()), batched.sample);
    }
    if (flat !== undefined) {
      const element = space.sample();
      assert.deepEqual(plain(element), flat.element);
      const values = flatten(space, element);
      assert.deepEqual([...values], flat.values);
      assert.equal(values.constructor.name.toLowerCase(), `${here(flat.dtype)}array`);
      assert.equal(flatdim(space), flat.size);
      assert.equal(flattenSpace(space).toString(), here(flat.space));
      assert.deepEqual(unflatten(space, values), element);
    }
  });
}

test('samples under a mask or with probabilities', () => {
  const argument = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    if ('tuple' in value) return (value.tuple as unknown[]).map(argument);
    return value;
  };
  for (const { space: spec, kind, value, samples } of oracle.masked) {
    const space = fromSpec(spec);
    space.seed(7);
    const drawn = samples.map(() => plain(space.sample({ [kind]: argument(value) })));
    assert.deepEqual(drawn, samples, `${space.toString()} ${kind} ${JSON.stringify(value)}`);
  }
});

test('one seed for each part', () => {
  for (const { space: spec, seed, seeds, samples } of oracle.seeded) {
    const space = fromSpec(spec);
    assert.deepEqual(plain(space.seed(seed)), seeds);
    assert.deepEqual(
      samples.map(() => plain(space.sample())),
      samples,
    );
  }
});

test('two types of elements flatten to the one that holds both', () => {
  const box = (dtype: Dtype): Box<Dtype> => new Box({ low: 0, high: 1, dtype });
  for (const [a, b, expected] of oracle.resultTypes) {
    // 64-bit integers have no array of numbers; a float64 holds what these two types hold.
    const held = expected === 'int64' ? 'float64' : expected;
    assert.equal(flattenSpace(new Tuple([box(a), box(b)])).dtype, held, `${a} and ${b}`);
  }
});
