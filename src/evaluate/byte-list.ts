/** Bytes that are added one after the other, without a number of eight bytes for each. */
export class ByteList {
  #bytes = new Uint8Array(256);
  #length = 0;

  /** @param values whole numbers from 0 to 255 @throws RangeError for another */
  add(values: ArrayLike<number>): void {
    if (this.#length + values.length > this.#bytes.length) {
      const grown = new Uint8Array(2 * (this.#length + values.length));
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    this.#bytes.set(values, this.#length);
    for (let i = 0; i < values.length; i++)
      if (this.#bytes[this.#length + i] !== values[i]) throw new RangeError(`${values[i]} is no byte`);
    this.#length += values.length;
  }

  /** A copy. */
  all(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }
}
