/**
 * Mean and variance of all arrays so far, element by element, updated with one array at a time; they begin as those of
 * a ten-thousandth of an array of mean 0 and variance 1 (gymnasium.wrappers.utils.RunningMeanStd, whose arithmetic this
 * repeats step by step in the same precision).
 */
export class RunningMeanStd {
  /** (size) */
  mean: Float64Array;
  /** (size), of the population. */
  variance: Float64Array;
  /** Arrays so far, and 1e-4. */
  count = 1e-4;
  /** Whether mean and variance are rounded to float32. */
  private single: boolean;

  constructor(size: number, dtype: 'float32' | 'float64') {
    this.mean = new Float64Array(size);
    this.variance = new Float64Array(size).fill(1);
    this.single = dtype === 'float32';
  }

  /** Takes in one array (size). All is computed in float32 until the first array that is not of float32 or less. */
  update(array: ArrayLike<number>): void {
    const stored = rounding(this.single);
    this.single &&= array instanceof Float32Array;
    const round = rounding(this.single);
    const total = this.count + 1;
    for (let i = 0; i < this.mean.length; i++) {
      const mean = this.mean[i] ?? 0;
      const delta = round((array[i] ?? NaN) - mean);
      this.mean[i] = round(mean + round(delta / round(total)));
      const before = stored((this.variance[i] ?? 0) * stored(this.count));
      const between = round(round(round(delta * delta) * round(this.count)) / round(total));
      this.variance[i] = round(round(before + between) / round(total));
    }
    this.count = total;
  }

  /** An array (size) less the mean, over the root of variance and epsilon. */
  normalize(array: ArrayLike<number>, epsilon: number): Float32Array {
    const stored = rounding(this.single);
    const round = rounding(this.single && (array instanceof Float32Array || array instanceof Uint8Array));
    return Float32Array.from(array, (value, i) => {
      const deviation = stored(Math.sqrt(stored((this.variance[i] ?? NaN) + stored(epsilon))));
      return round(round(value - (this.mean[i] ?? NaN)) / deviation);
    });
  }
}

/** The nearest float32, or the number itself. */
function rounding(single: boolean): (value: number) => number {
  return single ? Math.fround : (value) => value;
}
