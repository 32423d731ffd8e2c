/** Number of elements of an array of this shape. Throws RangeError for extents that are no whole numbers from 0 on. */
export function sizeOf(shape: readonly number[], space: string): number {
  if (!shape.every((extent) => Number.isSafeInteger(extent) && extent >= 0)) {
    throw new RangeError(`${space}: shape [${shape.join(', ')}] is not made of whole numbers`);
  }
  return shape.reduce((product, extent) => product * extent, 1);
}

export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((extent, i) => extent === b[i]);
}
