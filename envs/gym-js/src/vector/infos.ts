import type { Info } from '../env.ts';
import type { VectorInfo } from '../vector-env.ts';

type TypedArray =
  Float64Array | Float32Array | Int32Array | Uint32Array | Int16Array | Uint16Array | Int8Array | Uint8Array;

/**
 * Adds environment i's info to the infos of all `numEnvs` (gymnasium's VectorEnv._add_info): numbers to Float64Array,
 * booleans to Uint8Array, typed arrays of one length to one array of all, plain objects to an object of these, anything
 * else to an array; beside each name the mask `_name` of the environments that told it. Under one name all should be of
 * one kind: others make it a list, in which objects batched before are lost.
 */
export function addInfo(infos: VectorInfo, info: Info, i: number, numEnvs: number): void {
  for (const [name, value] of Object.entries(info)) {
    infos[name] = isPlain(value)
      ? addNested(infos[name], value, i, numEnvs)
      : place(infos[name] ?? empty(value, numEnvs), value, i, numEnvs);
    const mask = (infos[`_${name}`] ??= new Uint8Array(numEnvs)) as Uint8Array;
    mask[i] = 1;
  }
}

function addNested(before: unknown, info: Info, i: number, numEnvs: number): VectorInfo {
  const nested = isPlain(before) ? before : {};
  addInfo(nested, info, i, numEnvs);
  return nested;
}

/** Where values like this one go: zeros, or nulls. */
function empty(value: unknown, numEnvs: number): unknown {
  if (typeof value === 'number') return new Float64Array(numEnvs);
  if (typeof value === 'boolean') return new Uint8Array(numEnvs);
  if (isTyped(value)) return new (value.constructor as new (size: number) => TypedArray)(numEnvs * value.length);
  return Array.from({ length: numEnvs }, () => null);
}

/** Puts a value where the others are; where it does not fit their type, all go to an array of whatever they are. */
function place(batch: unknown, value: unknown, i: number, numEnvs: number): unknown {
  if (Array.isArray(batch)) {
    batch[i] = value;
    return batch;
  }
  if (isTyped(batch)) {
    if (typeof value === 'number' && batch instanceof Float64Array && batch.length === numEnvs) {
      batch[i] = value;
      return batch;
    }
    if (typeof value === 'boolean' && batch instanceof Uint8Array && batch.length === numEnvs) {
      batch[i] = Number(value);
      return batch;
    }
    if (isTyped(value) && value.constructor === batch.constructor && value.length * numEnvs === batch.length) {
      batch.set(value, i * value.length);
      return batch;
    }
  }
  return place(apart(batch, numEnvs), value, i, numEnvs);
}

/** A batch as an array of each environment's own. */
function apart(batch: unknown, numEnvs: number): unknown[] {
  const length = isTyped(batch) ? batch.length / numEnvs : 0;
  return Array.from({ length: numEnvs }, (_, i) => {
    if (!isTyped(batch)) return null;
    return length === 1 ? batch[i] : batch.slice(i * length, (i + 1) * length);
  });
}

function isPlain(value: unknown): value is Info {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function isTyped(value: unknown): value is TypedArray {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}
