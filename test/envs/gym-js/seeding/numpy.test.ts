// SeedSequence, PCG64 and Generator against what NumPy gave (test/oracle/numpy-random.py), bit for bit.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Generator, type Pcg64State, SeedSequence } from 'gym-js';

type Numbers = number | number[];
interface Oracle {
  sequences: { entropy: string | string[]; state: number[]; spawned: number[][]; grandchild: number[] }[];
  calls: [method: string, args: (number | string[])[], options: Record<string, unknown>][];
  streams: { seed: string; results: Numbers[]; state: Pcg64State }[];
  long: {
    seed: number;
    normalTail: number[];
    exponentialTail: number[];
    last: [number, number];
    farChoice: number;
    farChoiceLast: number[];
    integers: number;
    state: Pcg64State;
  };
}
const oracle = JSON.parse(
  readFileSync(new URL('../../../oracle/numpy-random.json', import.meta.url), 'utf8'),
) as Oracle;

/** Makes the recorded call; what comes back as plain JSON. */
function call(generator: Generator, [method, args, options]: Oracle['calls'][number]): unknown {
  const [first = 0, second = 0] = args as number[];
  const size = options.size as number;
  switch (method) {
    case 'random':
      return 'size' in options ? [...generator.random(size)] : generator.random();
    case 'uniform':
      return 'size' in options ? [...generator.uniform(first, second, size)] : generator.uniform(first, second);
    case 'normal':
      return 'size' in options ? [...generator.normal(first, second, size)] : generator.normal(first, second);
    case 'standard_normal':
      return [...generator.standardNormal(size)];
    case 'exponential':
      return 'size' in options ? [...generator.exponential(first, size)] : generator.exponential();
    case 'integers':
      return generator.integers(first, second, options as { size: number });
    case 'choice':
      return generator.choice(first, options as { size: number });
    case 'permutation':
      return generator.permutation(first);
    case 'shuffle': {
      const items = Float64Array.from({ length: first }, (_, i) => i);
      generator.shuffle(items);
      return [...items];
    }
    default:
      throw new Error(method);
  }
}

test('seed sequences of any size, and spawned ones, give the same words', () => {
  for (const { entropy, state, spawned, grandchild } of oracle.sequences) {
    const sequence = new SeedSequence(typeof entropy === 'string' ? BigInt(entropy) : entropy.map(BigInt));
    assert.deepEqual([...sequence.generateState(11)], state, `entropy ${entropy}`);
    const children = [...sequence.spawn(2), ...sequence.spawn(1)];
    assert.deepEqual(
      children.map((child) => [...child.generateState(5)]),
      spawned,
    );
    assert.deepEqual([...(children[1]?.spawn(2)[1]?.generateState(3) ?? [])], grandchild);
  }
});

test('each method gives the same numbers, whatever was called before it', () => {
  for (const { seed, results, state } of oracle.streams) {
    const generator = new Generator(BigInt(seed));
    oracle.calls.forEach((recorded, i) => {
      assert.deepEqual(call(generator, recorded), results[i], `seed ${seed}, ${JSON.stringify(recorded)}`);
    });
    assert.deepEqual(generator.state, state, `seed ${seed}`);
  }
});

test('rare branches too: tails, rejections, choices among many', () => {
  const { seed, normalTail, exponentialTail, last, ...rest } = oracle.long;
  const generator = new Generator(seed);
  const normal = [...generator.standardNormal(200_000)];
  const exponential = [...generator.exponential(1, 200_000)];
  assert.deepEqual(
    normal.filter((x) => Math.abs(x) > 3.6541528853610088),
    normalTail,
  );
  assert.deepEqual(
    exponential.filter((x) => x > 7.69711747013105),
    exponentialTail,
  );
  assert.deepEqual([normal.at(-1), exponential.at(-1)], last);
  const sum = (numbers: number[]): number => numbers.reduce((total, x) => total + x, 0);
  assert.equal(sum(generator.choice(20_000, { size: 1000, replace: false })), rest.farChoice);
  assert.deepEqual(generator.choice(20_000, { size: 1000, replace: false }).slice(-5), rest.farChoiceLast);
  assert.equal(sum(generator.integers(0, 3 * 2 ** 30, { size: 100_000 })), rest.integers);
  assert.deepEqual(generator.state, rest.state);
});
