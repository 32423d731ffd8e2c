/** A parameter's place in the flat vector; what `ParameterLayout.placed` holds. */
export interface PlacedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** First element in the flat vector, and number of elements. */
  readonly offset: number;
  readonly size: number;
}

/**
 * The parts, one after the other, of a file in the safetensors format (https://huggingface.co/docs/safetensors): length
 * of the header, header in JSON, and the tensors' float32 values in the order of `tensors`.
 * @param flat the vector that holds all tensors
 */
export function safetensors(
  tensors: readonly PlacedTensor[],
  flat: Float32Array,
  metadata: Record<string, string>,
): Uint8Array[] {
  let end = 0;
  const entries = tensors.map(({ name, shape, size }) => {
    const begin = end;
    end += size * 4;
    return [name, { dtype: 'F32', shape, data_offsets: [begin, end] }] as const;
  });
  const header = Buffer.from(JSON.stringify({ __metadata__: metadata, ...Object.fromEntries(entries) }));
  // The values begin at a multiple of 8 bytes: the format allows spaces after the header for that.
  const padded = Buffer.alloc(8 + Math.ceil(header.length / 8) * 8, ' ');
  padded.writeBigUInt64LE(BigInt(padded.length - 8));
  padded.set(header, 8);
  const values = tensors.map(({ offset, size }) => new Uint8Array(flat.buffer, flat.byteOffset + offset * 4, size * 4));
  return [padded, ...values];
}
