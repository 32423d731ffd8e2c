/** The array types that may lie in shared memory. */
type ArrayType = Uint8ArrayConstructor | Int32ArrayConstructor | Float32ArrayConstructor | Float64ArrayConstructor;

/** What TypeScript does not say of a union of constructors: shared memory does too. */
type SharedArrayType = new (
  memory: SharedArrayBuffer,
  offset: number,
  length: number,
) => Uint8Array | Int32Array | Float32Array | Float64Array;

/** Name, element type and length of each array in one piece of memory. */
export type Layout = Readonly<Record<string, readonly [ArrayType, number]>>;

/** The arrays of a layout, by name. */
export type ArraysOf<L extends Layout> = {
  readonly [Name in keyof L]: L[Name][0] extends Float64ArrayConstructor
    ? Float64Array
    : L[Name][0] extends Float32ArrayConstructor
      ? Float32Array
      : L[Name][0] extends Int32ArrayConstructor
        ? Int32Array
        : Uint8Array;
};

/** Every array begins on a cache line of its own, so that threads which write different arrays do not meet. */
const lineBytes = 64;

/** Bytes that the arrays of a layout need. */
export function layoutBytes(layout: Layout): number {
  return Object.values(layout).reduce(
    (bytes, [type, length]) => bytes + lineAligned(length * type.BYTES_PER_ELEMENT),
    0,
  );
}

/** The arrays of a layout as views into `memory`, which holds at least `layoutBytes(layout)`. */
export function arraysIn<L extends Layout>(memory: SharedArrayBuffer, layout: L): ArraysOf<L> {
  let offset = 0;
  const views = Object.entries(layout).map(([name, [type, length]]) => {
    const view = new (type as SharedArrayType)(memory, offset, length);
    offset += lineAligned(length * type.BYTES_PER_ELEMENT);
    return [name, view];
  });
  return Object.fromEntries(views) as ArraysOf<L>;
}

/** Puts an empty array in the place of each, so that who holds `arrays` does not hold the memory they lay in. */
export function releaseArrays(arrays: Readonly<Record<string, InstanceType<SharedArrayType>>>): void {
  const empty = Object.entries(arrays).map(([name, array]) => [name, new (array.constructor as ArrayType)(0)]);
  Object.assign(arrays, Object.fromEntries(empty));
}

function lineAligned(bytes: number): number {
  return Math.ceil(bytes / lineBytes) * lineBytes;
}
