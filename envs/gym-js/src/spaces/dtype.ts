/** The array that holds elements of each type; names are NumPy's. 64-bit integers have no array of numbers. */
export interface DtypeArrays {
  int8: Int8Array;
  uint8: Uint8Array;
  int16: Int16Array;
  uint16: Uint16Array;
  int32: Int32Array;
  uint32: Uint32Array;
  float32: Float32Array;
  float64: Float64Array;
}

export type Dtype = keyof DtypeArrays;
export type IntegerDtype = Exclude<Dtype, `float${string}`>;

const constructors: { [D in Dtype]: { new (size: number): DtypeArrays[D]; BYTES_PER_ELEMENT: number } } = {
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  float32: Float32Array,
  float64: Float64Array,
};

/** `size` zeros. */
export function zeros<D extends Dtype>(dtype: D, size: number): DtypeArrays[D] {
  return new constructors[dtype](size);
}

/** Whether a value is an array of this type and length. */
export function isArray<D extends Dtype>(value: unknown, dtype: D, size: number): value is DtypeArrays[D] {
  return value instanceof constructors[dtype] && (value as Int8Array).length === size;
}

export function isDtype(name: string): name is Dtype {
  return Object.hasOwn(constructors, name);
}

export function isFloat(dtype: Dtype): boolean {
  return dtype === 'float32' || dtype === 'float64';
}

export function isUnsigned(dtype: Dtype): boolean {
  return dtype.startsWith('u');
}

/** Smallest and largest finite value. */
export function limits(dtype: Dtype): [least: number, most: number] {
  if (dtype === 'float64') return [-Number.MAX_VALUE, Number.MAX_VALUE];
  if (dtype === 'float32') return [-(2 - 2 ** -23) * 2 ** 127, (2 - 2 ** -23) * 2 ** 127];
  const bits = 8 * constructors[dtype].BYTES_PER_ELEMENT;
  return isUnsigned(dtype) ? [0, 2 ** bits - 1] : [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1];
}

/** The narrowest type that holds all of these (numpy.result_type); where that is int64, float64. */
export function resultType(dtypes: readonly Dtype[]): Dtype {
  const within = (a: Dtype, b: Dtype): boolean => {
    if (isFloat(a) !== isFloat(b)) {
      // A float holds the integers of half its width.
      return isFloat(b) && 2 * constructors[a].BYTES_PER_ELEMENT <= constructors[b].BYTES_PER_ELEMENT;
    }
    const [least, most] = limits(a);
    return least >= limits(b)[0] && most <= limits(b)[1];
  };
  const narrowestFirst = ['int8', 'uint8', 'int16', 'uint16', 'int32', 'uint32', 'float32', 'float64'] as const;
  return narrowestFirst.find((candidate) => dtypes.every((dtype) => within(dtype, candidate))) ?? 'float64';
}
