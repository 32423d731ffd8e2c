/**
 * The generator behind `Space.sample`: Chris Doty-Humphrey's sfc32 (PractRand, 128 bits of state), its state filled
 * from the seed by a murmur3 finalizer. It knows no clock and no entropy source: the same seed gives the same samples.
 */
export class SeededRandom {
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;

  constructor(seed: number) {
    this.a = mix(seed | 0);
    this.b = mix(Math.floor(seed / 0x1_0000_0000) ^ this.a);
    this.c = mix(this.a ^ this.b);
    for (let i = 0; i < 12; i++) this.uint32();
  }

  /** Uniform integer in [0, 2^32). */
  uint32(): number {
    const sum = (this.a + this.b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** Uniform number in [0, 1), a multiple of 2^-53. */
  uniform(): number {
    return ((this.uint32() >>> 5) * 0x400_0000 + (this.uint32() >>> 6)) / 2 ** 53;
  }

  /** Uniform integer in [low, high], both included; high - low < 2^53. */
  integer(low: number, high: number): number {
    return low + Math.floor(this.uniform() * (high - low + 1));
  }

  /** Standard normal number (Box-Muller). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.uniform())) * Math.cos(2 * Math.PI * this.uniform());
  }

  /** Exponentially distributed number of mean 1. */
  exponential(): number {
    return -Math.log(1 - this.uniform());
  }
}

/** murmur3's 32-bit finalizer: a bijection in which every input bit moves every output bit. */
function mix(value: number): number {
  let x = value ^ 0x9e37_79b9;
  x = Math.imul(x ^ (x >>> 16), 0x85eb_ca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2_ae35);
  return x ^ (x >>> 16);
}
