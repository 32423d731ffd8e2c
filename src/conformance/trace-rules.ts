// How the traces of native ALE draw their actions and what they hash. Runs in browsers too.

/** FNV-1a, 32 bits. */
export function fnv(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

/** Numerical Recipes' linear congruential generator: 32 bits at a time, of which the upper ones are good. */
export function congruential(seed: number): () => number {
  let state = seed >>> 0;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0);
}

/** The traces' random actions. */
export function actionSource<T>(seed: number, actions: readonly T[]): () => T {
  const next = congruential(seed);
  return () => actions[(next() >>> 16) % actions.length] as T;
}

/** In words; undefined where both are equal. */
export function difference(name: string, expected: unknown, came: unknown): string | undefined {
  const [wanted, found] = [JSON.stringify(expected), JSON.stringify(came)];
  return wanted === found ? undefined : `${name} ${wanted} expected, ${found} came`;
}
