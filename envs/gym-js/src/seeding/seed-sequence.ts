/** A whole number of any size from 0 on; beyond 2^53 - 1 a bigint. */
export type Seed = number | bigint;

const poolSize = 4;

/**
 * Spreads a seed of any size over as many random words as a generator wants (numpy.random.SeedSequence, after
 * Melissa O'Neill's seed_seq): close seeds give unrelated words, and `spawn` gives independent sequences.
 */
export class SeedSequence {
  readonly entropy: Seed | readonly Seed[];
  /** Where this sequence stands in the tree of spawned ones: the index of each ancestor among its siblings. */
  readonly spawnKey: readonly number[];
  private readonly pool: Uint32Array;
  private spawned = 0;

  /** Throws RangeError for a negative or broken number. */
  constructor(entropy: Seed | readonly Seed[], spawnKey: readonly number[] = []) {
    this.entropy = entropy;
    this.spawnKey = [...spawnKey];
    const words = (typeof entropy === 'object' ? entropy : [entropy]).flatMap(words32);
    if (spawnKey.length > 0) while (words.length < poolSize) words.push(0);
    this.pool = mixed([...words, ...spawnKey.flatMap(words32)]);
  }

  /** The first `count` words; asking again gives the same words. */
  generateState(count: number): Uint32Array {
    const words = new Uint32Array(count);
    let constant = 0x8b51_f9dd;
    for (let i = 0; i < count; i++) {
      const value = (this.pool[i % poolSize] ?? 0) ^ constant;
      constant = Math.imul(constant, 0x58f3_8ded);
      words[i] = foldHalves(Math.imul(value, constant));
    }
    return words;
  }

  /** `count` sequences, independent of this one, of each other and of those spawned before. */
  spawn(count: number): SeedSequence[] {
    const first = this.spawned;
    this.spawned += count;
    return Array.from({ length: count }, (_, i) => new SeedSequence(this.entropy, [...this.spawnKey, first + i]));
  }
}

/** The 32-bit words of a number, lowest first; one word for 0. */
function words32(seed: Seed): number[] {
  if (typeof seed === 'bigint' ? seed < 0n : !Number.isSafeInteger(seed) || seed < 0) {
    throw new RangeError(`seed ${seed} is not a whole number from 0 on (from 2^53 on give a bigint)`);
  }
  const words: number[] = [];
  let rest = BigInt(seed);
  do words.push(Number(BigInt.asUintN(32, rest)));
  while ((rest >>= 32n) > 0n);
  return words;
}

function mixed(entropy: readonly number[]): Uint32Array {
  let constant = 0x43b0_d7e5;
  const hash = (word: number): number => {
    const value = word ^ constant;
    constant = Math.imul(constant, 0x931e_8875);
    return foldHalves(Math.imul(value, constant));
  };
  const pool = Uint32Array.from({ length: poolSize }, (_, i) => hash(entropy[i] ?? 0));
  const mixInto = (i: number, word: number): void => {
    pool[i] = foldHalves(Math.imul(0xca01_f9dd, pool[i] ?? 0) - Math.imul(0x4973_f715, hash(word)));
  };
  for (let from = 0; from < poolSize; from++) {
    for (let to = 0; to < poolSize; to++) if (to !== from) mixInto(to, pool[from] ?? 0);
  }
  for (const word of entropy.slice(poolSize)) for (let to = 0; to < poolSize; to++) mixInto(to, word);
  return pool;
}

/** The upper half of a 32-bit word laid over the lower one. */
function foldHalves(value: number): number {
  return value ^ (value >>> 16);
}
