/**
 * The seed of a set that is drawn anew in each evaluation, always alike: its name decides, not the run's seed, so that
 * all runs are tested on the same sequences.
 */
export function seedOfSet(name: string): number {
  return [...name].reduce((hash, letter) => (Math.imul(hash, 31) + letter.charCodeAt(0)) | 0, 7);
}
