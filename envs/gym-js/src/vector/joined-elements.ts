import { batchSpace, concatenate, createEmptyArray, iterate } from '../spaces/batch.ts';
import type { Dtype, DtypeArrays } from '../spaces/dtype.ts';
import type { Space } from '../spaces/space.ts';

type TypedArray = DtypeArrays[Dtype];

/**
 * Several elements of type T as `batchSpace` has them: of arrays one longer array, each element after the other; of
 * whole numbers an Int32Array; of lists and objects one of batches; of anything else a list.
 */
export type Batch<T> = unknown extends T
  ? unknown
  : T extends TypedArray
    ? T
    : T extends number
      ? Int32Array
      : T extends readonly unknown[]
        ? { [I in keyof T]: Batch<T[I]> }
        : T extends object
          ? { [K in keyof T]: Batch<T[K]> }
          : T[];

/** The space of n elements at once. */
export function spaceOf<T>(space: Space<T>, n: number): Space<Batch<T>> {
  return batchSpace(space, n) as unknown as Space<Batch<T>>;
}

/** Elements as one, in new memory. */
export function join<T>(space: Space<T>, elements: readonly T[]): Batch<T> {
  return concatenate(space, elements, createEmptyArray(space, elements.length)) as Batch<T>;
}

/** The n elements of a batch, arrays as views into it. Throws RangeError unless there are n. */
export function split<T>(space: Space<T>, batch: Batch<T>, n: number): T[] {
  const elements = [...iterate(space, batch as never)];
  if (elements.length === n) return elements;
  throw new RangeError(`${elements.length} elements of ${space.toString()} for ${n} environments`);
}

/** Zeros for n elements in memory that threads share; undefined where an element has parts that are not numbers. */
export function sharedBatch<T>(space: Space<T>, n: number): Batch<T> | undefined {
  return share(createEmptyArray(space, n)) as Batch<T> | undefined;
}

function share(batch: unknown): unknown {
  if (ArrayBuffer.isView(batch)) {
    const { constructor, byteLength } = batch as TypedArray;
    return new (constructor as new (memory: SharedArrayBuffer) => TypedArray)(new SharedArrayBuffer(byteLength));
  }
  if (typeof batch !== 'object' || batch === null) return undefined;
  const parts = Object.entries(batch).map(([key, part]) => [key, share(part)] as const);
  if (parts.length === 0 || parts.some(([, part]) => part === undefined)) return undefined;
  return Array.isArray(batch) ? parts.map(([, part]) => part) : Object.fromEntries(parts);
}
