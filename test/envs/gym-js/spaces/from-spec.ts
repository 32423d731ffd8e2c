import { Box, Dict, Discrete, type Dtype, MultiBinary, MultiDiscrete, type Space, Text, Tuple } from 'gym-js';

type Bound = number | string | (number | string)[];

/** A space as test/oracle/gymnasium-spaces.py writes it. */
export type Spec =
  | { type: 'Box'; low: Bound; high: Bound; shape: number[]; dtype: Dtype }
  | { type: 'Discrete'; n: number; start: number }
  | { type: 'MultiDiscrete'; nvec: number[]; start: number[]; shape: number[] }
  | { type: 'MultiBinary'; n: number | number[] }
  | { type: 'Text'; max: number; min: number; charset: string | null; asSet: boolean }
  | { type: 'Tuple'; spaces: Spec[] }
  | { type: 'Dict'; spaces: [key: string, spec: Spec][]; sortKeys: boolean };

export function fromSpec(spec: Spec): Space<unknown> {
  switch (spec.type) {
    case 'Box':
      return new Box({ low: bound(spec.low), high: bound(spec.high), shape: spec.shape, dtype: spec.dtype });
    case 'Discrete':
      return new Discrete(spec.n, spec.start);
    case 'MultiDiscrete':
      return new MultiDiscrete(spec.nvec, { start: spec.start, shape: spec.shape });
    case 'MultiBinary':
      return new MultiBinary(spec.n);
    case 'Text': {
      const charset = spec.asSet ? new Set(spec.charset) : spec.charset;
      return new Text(spec.max, { minLength: spec.min, ...(charset === null ? {} : { charset }) });
    }
    case 'Tuple':
      return new Tuple(spec.spaces.map(fromSpec));
    case 'Dict':
      return new Dict(Object.fromEntries(spec.spaces.map(([key, part]) => [key, fromSpec(part)])), {
        sortKeys: spec.sortKeys,
      });
  }
}

function bound(given: Bound): number | number[] {
  const number = (value: number | string): number =>
    value === 'inf' ? Infinity : value === '-inf' ? -Infinity : Number(value);
  return Array.isArray(given) ? given.map(number) : number(given);
}

/** Typed arrays as lists, the same within lists and objects. */
export function plain(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return Array.from(value as Int8Array);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, plain(part)]));
}
