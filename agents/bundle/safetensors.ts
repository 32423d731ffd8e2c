import { z } from 'zod';
import { firstIssue, shown } from '../one-line.ts';
import { damaged } from './damaged.ts';

/*
 * The safetensors format (https://huggingface.co/docs/safetensors): eight bytes that say how long the header is, the
 * header in JSON, the tensors' values. Nothing in it can be run.
 */

/** A tensor's place in the values, in bytes, and what lies there. */
interface StoredTensor {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

interface Safetensors {
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** The values of all tensors: a view into the file. */
  readonly data: Uint8Array;
}

/** A parameter's place in the flat vector; what `ParameterLayout.placed` holds. */
interface PlacedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** First element in the flat vector, and number of elements. */
  readonly offset: number;
  readonly size: number;
}

const lengthBytes = 8;
/** Of a header; that of the largest agent has a hundredth. */
const mostHeaderBytes = 10_000_000;

const offset = z.number().int().min(0);
const header = z
  .object({ __metadata__: z.record(z.string(), z.string()).default({}) })
  .catchall(
    z.strictObject({ dtype: z.string(), shape: z.array(offset).max(8), data_offsets: z.tuple([offset, offset]) }),
  );

/**
 * The parts, one after the other, of a file that holds tensors of float32, in their order.
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
  const text = new TextEncoder().encode(JSON.stringify({ __metadata__: metadata, ...Object.fromEntries(entries) }));
  // The values begin at a multiple of 8 bytes: the format allows spaces after the header for that.
  const padded = new Uint8Array(lengthBytes + Math.ceil(text.length / 8) * 8).fill(0x20);
  new DataView(padded.buffer).setBigUint64(0, BigInt(padded.length - lengthBytes), true);
  padded.set(text, lengthBytes);
  return [padded, ...tensors.map((tensor) => bytesOf(flat, tensor))];
}

/**
 * The bytes of a tensor's values within the flat vector, or of all of it: a view. Files want them little-endian, as
 * every processor has them that Node and TensorFlow run on.
 */
export function bytesOf(
  flat: Float32Array,
  { offset, size }: Pick<PlacedTensor, 'offset' | 'size'> = { offset: 0, size: flat.length },
): Uint8Array {
  return new Uint8Array(flat.buffer, flat.byteOffset + offset * 4, size * 4);
}

/**
 * Takes a file apart and checks all that the format itself demands: that the header can be read, and that the tensors
 * fill the values without hole, overlap or rest.
 * @throws UserError, one line, where it is damaged
 */
export function parseSafetensors(file: Uint8Array): Safetensors {
  const { tensors: entries, metadata, data } = parts(file);
  const tensors = new Map<string, StoredTensor>();
  for (const [name, { dtype, shape, data_offsets }] of entries) {
    const [begin, end] = data_offsets;
    if (begin > end) damaged('weights', `${named(name)} ends before it begins`);
    if (end > data.length)
      damaged('weights', `truncated: ${named(name)} ends at byte ${end} of the values, which are ${data.length}`);
    tensors.set(name, { dtype, shape, begin, end });
  }
  let end = 0;
  for (const [name, tensor] of [...tensors].sort(([, a], [, b]) => a.begin - b.begin || a.end - b.end)) {
    if (tensor.begin !== end)
      damaged('weights', `${named(name)} ${tensor.begin < end ? 'overlaps the tensor' : 'leaves a hole'} before it`);
    end = tensor.end;
  }
  if (end !== data.length) damaged('weights', `${data.length - end} bytes after the last tensor`);
  return { metadata, tensors, data };
}

/** How an error calls a tensor. */
export function named(name: string): string {
  return `tensor "${shown(name)}"`;
}

function parts(file: Uint8Array) {
  if (file.length < lengthBytes) damaged('weights', `truncated: it has ${file.length} bytes`);
  const length = new DataView(file.buffer, file.byteOffset).getBigUint64(0, true);
  if (length > mostHeaderBytes) damaged('weights', `a header of ${length} bytes`);
  const end = lengthBytes + Number(length);
  if (end > file.length) damaged('weights', `truncated: a header of ${length} bytes in ${file.length}`);
  const found = header.safeParse(json(file.subarray(lengthBytes, end)));
  if (!found.success) damaged('weights', `header: ${firstIssue(found.error)}`);
  const { __metadata__: metadata, ...tensors } = found.data;
  return { metadata, tensors: Object.entries(tensors), data: file.subarray(end) };
}

function json(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return damaged('weights', 'its header is not JSON');
  }
}
