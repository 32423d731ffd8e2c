import { z } from 'zod';
import { readReferenceFile } from './reference-file.ts';

/** Numbers in lists of lists, of any depth. */
export type Nested = number | readonly Nested[];

/** A tensor: rectangular, every number finite. */
const tensor = z.custom<Nested>((value) => shapeOf(value) !== undefined, 'not a rectangular array of finite numbers');
const tensors = sparse(z.record(z.string(), tensor));
const size = z.int().min(1);

const spec = z
  .object({
    ...{ modules: size, units: size, active: size, rnn: z.enum(['lstm', 'gru']) },
    ...{ inputHeads: size, inputKey: size, inputValue: size },
    ...{ commHeads: size, commKey: size, commValue: size },
    readInactive: z.enum(['state', 'candidate']),
    commGate: z.boolean(),
    ...{ inputAttention: z.boolean().default(true), communication: z.boolean().default(true) },
  })
  .refine(({ modules, active }) => active <= modules, 'more active modules than there are')
  .refine(
    ({ modules, active, inputAttention }) => inputAttention || active === modules,
    'without inputAttention all modules must be active',
  );

const rimCase = z
  .object({
    name: z.string(),
    config: spec,
    params: tensors,
    /** x (T, B, e), and x1, ... where there are more elements; h0, c0 (LSTM only), keep (T, B) if any, lossWeights. */
    inputs: sparse(z.object({ x: tensor, h0: tensor, keep: tensor.optional(), lossWeights: tensor }).catchall(tensor)),
    /** h, c (LSTM only), active, nullAttention, loss. */
    outputs: sparse(z.object({ h: tensor, loss: z.number() }).catchall(tensor)),
    grads: tensors,
  })
  .superRefine(({ config, params, inputs, grads }, context) => {
    if (config.rnn === 'lstm' && !('c0' in inputs)) missing(context, ['inputs'], 'c0');
    for (const name of Object.keys(params)) if (!(name in grads)) missing(context, ['grads'], name);
  });

const brimCase = z
  .object({
    name: z.string(),
    /** The lowest layer first; every list below has an entry per layer. */
    layers: z.array(spec).min(1),
    params: z.array(tensors),
    /** x (T, B, e), lossWeights (T, B, top's n m); keep (T, B), if any; h0, c0 (LSTM only): (B, n m) per layer. */
    inputs: sparse(
      z.object({
        keep: tensor.optional(),
        ...{ x: tensor, lossWeights: tensor, h0: z.array(tensor) },
        c0: z.array(tensor.nullable()).optional(),
      }),
    ),
    /** active: per step and layer (B, n). */
    outputs: z.object({
      ...{ lower: tensor, top: tensor, loss: z.number() },
      active: z.array(z.array(tensor)).optional(),
    }),
    grads: z.object({
      ...{ params: z.array(tensors), x: tensor, h0: z.array(tensor) },
      c0: z.array(tensor.nullable()).optional(),
    }),
  })
  .superRefine(({ layers, params, inputs, grads }, context) => {
    for (const [name, list] of Object.entries({ params, h0: inputs.h0, 'grads.params': grads.params }))
      if (list.length !== layers.length)
        context.addIssue(`${name} has ${list.length} entries for ${layers.length} layers`);
    for (const [l, { rnn }] of layers.entries()) {
      if (rnn === 'lstm' && !inputs.c0?.[l]) missing(context, ['inputs', 'c0'], `that of layer ${l}`);
      for (const name of Object.keys(params[l] ?? {}))
        if (!(name in (grads.params[l] ?? {}))) missing(context, ['grads', 'params', l], name);
    }
  });

const rimFile = z
  .object({ rim: z.array(rimCase).default([]), brim: z.array(brimCase).default([]) })
  .refine(({ rim, brim }) => rim.length + brim.length > 0, 'it has no cases, neither rim nor brim');

/** A RIM layer, as another implementation computed it. */
export type RimCase = z.infer<typeof rimCase>;
/** Layers of RIMs that attend to [null, below, above], likewise. */
export type BrimCase = z.infer<typeof brimCase>;

/**
 * References for RIM layers and stacks of them, in the format of test/oracle/rims.json.
 * @throws UserError if the file cannot be read or has another format
 */
export function readRimFile(path: string): { rim: RimCase[]; brim: BrimCase[] } {
  return readReferenceFile(path, rimFile, 'rims.json');
}

/** An object of which null entries are as if they were not there: some writers name what a variant lacks. */
function sparse<T extends z.ZodType>(object: T) {
  const dropNull = (value: unknown): unknown =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== null))
      : value;
  return z.preprocess(dropNull, object);
}

function missing(context: z.RefinementCtx, path: (string | number)[], name: string): void {
  context.addIssue({ code: 'custom', path, message: `${name} is missing` });
}

/** Sizes of a rectangular array, outermost first, [] for a number; undefined if it is none. */
function shapeOf(value: unknown): number[] | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? [] : undefined;
  if (!Array.isArray(value)) return undefined;
  const shapes = value.map(shapeOf);
  const [first = []] = shapes;
  return shapes.every((shape) => shape !== undefined && String(shape) === String(first))
    ? [value.length, ...first]
    : undefined;
}
