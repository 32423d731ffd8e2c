import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Generator, npRandom, type Pcg64State, SeedSequence } from 'gym-js';

test('a restored generator goes on as the saved one, its waiting half draw included', () => {
  const generator = new Generator(9);
  generator.integers(0, 6);
  const saved = JSON.parse(JSON.stringify(generator.state)) as Pcg64State;
  assert.equal(saved.hasUint32, 1);
  const ahead = [...generator.permutation(9), ...generator.standardNormal(9)];
  const other = new Generator(1);
  other.restore(saved);
  assert.deepEqual([...other.permutation(9), ...other.standardNormal(9)], ahead);
});

test('what is no state is refused, and the generator stays as it was', () => {
  const generator = new Generator(9);
  const { state } = generator;
  const broken = (changed: object): void =>
    void assert.throws(() => generator.restore({ ...state, ...changed } as Pcg64State), RangeError);
  broken({ bitGenerator: 'MT19937' });
  broken({ state: { ...state.state, state: `${2n ** 128n}` } });
  broken({ state: { ...state.state, inc: '-1' } });
  broken({ state: { ...state.state, inc: '2' } });
  broken({ state: undefined });
  broken({ hasUint32: 2 });
  broken({ uinteger: 0.5 });
  assert.throws(() => generator.restore(null as unknown as Pcg64State), RangeError);
  assert.deepEqual(generator.state, state);
});

test('a seed is kept; without one each generator has its own, and it can be had again', () => {
  assert.equal(npRandom(7).seed, 7);
  assert.equal(npRandom(2n ** 70n).seed, 2n ** 70n);
  const [one, other] = [npRandom(), npRandom()];
  assert.notEqual(one.seed, other.seed);
  assert.ok(Number.isSafeInteger(one.seed));
  assert.equal(npRandom(one.seed).random.random(), one.random.random());
});

test('seeds that are none are refused', () => {
  for (const seed of [-1, 0.5, NaN, 2 ** 53, -1n]) {
    assert.throws(() => new SeedSequence(seed), {
      name: 'RangeError',
      message: `seed ${seed} is not a whole number from 0 on (from 2^53 on give a bigint)`,
    });
  }
});

test('calls that make no sense are refused by what is wrong with them', () => {
  const generator = new Generator(0);
  const refused = (act: () => unknown, message: RegExp): void =>
    void assert.throws(act, { name: 'RangeError', message });
  refused(() => generator.integers(3, 3), /no int64 from 3 to 2/);
  refused(() => generator.integers(0, 1.5), /no int64 from 0 to 0.5/);
  refused(() => generator.integers(0, 257, { dtype: 'uint8' }), /no uint8 from 0 to 256/);
  refused(() => generator.integers(-(2 ** 53 - 1), 2 ** 53 - 1), /wider than 2\^53/);
  refused(() => generator.uniform(0, Infinity), /0 to Infinity has no finite width/);
  refused(() => generator.normal(0, -1), /scale -1/);
  refused(() => generator.exponential(NaN), /scale NaN/);
  refused(() => generator.choice(0), /0 items/);
  refused(() => generator.choice(3, { size: 4, replace: false }), /4 different ones of 3 items/);
  refused(() => generator.choice(3, { p: [1] }), /1 probabilities for 3 items/);
  refused(() => generator.choice(2, { p: [0.5, 0.4] }), /sum is 0.9, not 1/);
  refused(() => generator.choice(2, { p: [1.5, -0.5] }), /below 0/);
  refused(() => generator.choice(2, { p: [1, 0], size: 2, replace: false }), /2 different ones, 1 have/);
});

test('items of any kind can be chosen and shuffled', () => {
  const generator = new Generator(3);
  const words = ['one', 'two', 'three'] as const;
  assert.ok(words.includes(generator.choice(words)));
  assert.deepEqual([...generator.permutation(words)].sort(), [...words].sort());
  const bytes = Uint8Array.from({ length: 100 }, (_, i) => i);
  generator.shuffle(bytes);
  assert.deepEqual(
    bytes.toSorted(),
    Uint8Array.from({ length: 100 }, (_, i) => i),
  );
});
