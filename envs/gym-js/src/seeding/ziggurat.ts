import type { Pcg64 } from './pcg64.ts';
import { exponentialTables, normalTables } from './ziggurat-tables.ts';

/**
 * Marsaglia and Tsang's ziggurat (2000) with NumPy's 256 layers. Layer i reaches from 0 to `scale[i]` times the range
 * of the drawn whole number; below `limit[i]` the number is inside the curve for sure; `density[i]` is the curve's
 * height at the layer's edge.
 */
interface Layers {
  limit: Float64Array;
  scale: Float64Array;
  density: Float64Array;
}

const normal = decoded(normalTables);
const exponential = decoded(exponentialTables);
/** Where the tails begin. */
const normalEdge = 3.654152885361009;
const exponentialEdge = 7.69711747013105;

/** A normal number of mean 0 and standard deviation 1. */
export function standardNormal(bits: Pcg64): number {
  for (;;) {
    bits.next();
    const layer = bits.low & 0xff;
    const whole = (bits.high & 0x1fff_ffff) * 0x80_0000 + (bits.low >>> 9);
    const negative = (bits.low & 0x100) !== 0;
    const tailNegative = (bits.low & 0x2_0000) !== 0;
    const size = whole * at(normal.scale, layer);
    if (whole < at(normal.limit, layer)) return negative ? -size : size;
    if (layer === 0) {
      const tail = normalTail(bits);
      return tailNegative ? -tail : tail;
    }
    if (underCurve(bits, normal, layer, Math.exp(-0.5 * size * size))) return negative ? -size : size;
  }
}

/** An exponential number of mean 1. */
export function standardExponential(bits: Pcg64): number {
  for (;;) {
    bits.next();
    const layer = (bits.low >>> 3) & 0xff;
    const whole = (bits.high >>> 0) * 0x20_0000 + (bits.low >>> 11);
    const value = whole * at(exponential.scale, layer);
    if (whole < at(exponential.limit, layer)) return value;
    if (layer === 0) return exponentialEdge - Math.log1p(-bits.double());
    if (underCurve(bits, exponential, layer, Math.exp(-value))) return value;
  }
}

function underCurve(bits: Pcg64, { density }: Layers, layer: number, height: number): boolean {
  const outer = at(density, layer);
  return (at(density, layer - 1) - outer) * bits.double() + outer < height;
}

/** Marsaglia's method for what lies beyond the edge. */
function normalTail(bits: Pcg64): number {
  for (;;) {
    const beyond = -(1 / normalEdge) * Math.log1p(-bits.double());
    const height = -Math.log1p(-bits.double());
    if (height + height > beyond * beyond) return normalEdge + beyond;
  }
}

function at(table: Float64Array, i: number): number {
  return table[i] as number;
}

function decoded(tables: Record<keyof Layers, string>): Layers {
  const { limit, scale, density } = tables;
  return { limit: doubles(limit), scale: doubles(scale), density: doubles(density) };
}

function doubles(base64: string): Float64Array {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  return Float64Array.from({ length: bytes.length / 8 }, (_, i) => view.getFloat64(8 * i, true));
}
