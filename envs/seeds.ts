/**
 * Seed of environment `index` in a run of seed `runSeed` (whole numbers from 0): 31 bits, so that ALE's signed
 * settings hold it. murmur3's finalizer over the run's seed, then over that plus the index, so that neighbouring runs
 * and environments have nothing in common.
 */
export function environmentSeed(runSeed: number, index: number): number {
  const high = Math.floor(runSeed / 0x1_0000_0000);
  return finalize(finalize(finalize(runSeed | 0) ^ high) + Math.imul(index + 1, 0x9e37_79b9)) & 0x7fff_ffff;
}

function finalize(value: number): number {
  let x = value | 0;
  x = Math.imul(x ^ (x >>> 16), 0x85eb_ca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2_ae35);
  return x ^ (x >>> 16);
}
