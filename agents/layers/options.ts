import type * as tf from '@tensorflow/tfjs';
import { type CoreKind, type CoreOptions, rimDefaults, type RimOptions } from '../cores/options.ts';
import { UserError } from '../user-error.ts';

/** What every layer takes besides what its core is: tfjs' own (`inputShape`, `name`, `trainable`, ...), and these. */
export interface SequenceOptions extends NonNullable<ConstructorParameters<typeof tf.layers.Layer>[0]> {
  /** false (default): the last step, (B, size). true: all steps, (B, T, size). */
  readonly returnSequences?: boolean;
  /** Whether the states after the last step are given too, (B, width) each. Default false. */
  readonly returnState?: boolean;
  /** A whole number that decides the first weights and what is dropped. Default 0. */
  readonly seed?: number;
}

/** Modules, units of each, and how many modules are active in each step; all else of a RIM has a default. */
export type RimLayerOptions = Pick<RimOptions, 'modules' | 'units' | 'active'> & Partial<RimOptions>;

/** What decides a layer, complete: defaults of a later version do not change it. */
export interface Resolved {
  readonly core: CoreOptions;
  readonly sequence: { readonly returnSequences: boolean; readonly returnState: boolean; readonly seed: number };
}

interface Check {
  readonly holds: (value: unknown) => boolean;
  /** What must hold, in words. */
  readonly rule: string;
}

type Given = Readonly<Record<string, unknown>>;

const size: Check = {
  holds: (value) => Number.isSafeInteger(value) && (value as number) >= 1,
  rule: 'a whole number from 1',
};
const flag: Check = { holds: (value) => typeof value === 'boolean', rule: 'true or false' };
const oneOf = (...values: string[]): Check => ({
  holds: (value) => values.includes(value as string),
  rule: values.map((value) => `"${value}"`).join(' or '),
});

function isListOfLayers(value: unknown): boolean {
  return (
    Array.isArray(value) && value.length > 0 && value.every((layer) => typeof layer === 'object' && layer !== null)
  );
}

const sequenceChecks: { readonly [Name in keyof Resolved['sequence']]: Check } = {
  returnSequences: flag,
  returnState: flag,
  seed: { holds: Number.isSafeInteger, rule: 'a whole number' },
};
const rimChecks: { readonly [Name in keyof RimOptions]: Check } = {
  modules: size,
  units: size,
  active: size,
  rnn: oneOf('lstm', 'gru'),
  readInactive: oneOf('state', 'candidate'),
  inputAttention: flag,
  inputHeads: size,
  inputKey: size,
  inputValue: size,
  inputElements: size,
  communication: flag,
  commGate: flag,
  commHeads: size,
  commKey: size,
  commValue: size,
  dropout: {
    holds: (value) => typeof value === 'number' && value >= 0 && value < 1,
    rule: 'a share from 0 to below 1',
  },
  initialisation: oneOf('orthogonal', 'paper'),
};
const checks: { readonly [Kind in CoreKind]: Readonly<Record<string, Check>> } = {
  rim: rimChecks,
  brim: { layers: { holds: isListOfLayers, rule: 'a list of objects, each with the options of a layer' } },
  lstm: { units: size },
  gru: { units: size },
  ff: {},
};

/** Of tfjs' layers; `customObjects` is among what it hands a layer that it reads from a file. */
const layerNames = [
  ...['inputShape', 'batchInputShape', 'batchSize', 'dtype', 'inputDType', 'name', 'trainable', 'weights'],
  'customObjects',
];

/**
 * Adds defaults to what was given.
 * @throws UserError where an option is missing, unknown, or not what it must be, or where two contradict each other
 */
export function resolve(kind: CoreKind, given: Given): Resolved {
  const known = [...Object.keys(checks[kind]), ...Object.keys(sequenceChecks)];
  refuseOthers(kind, given, known, layerNames);
  const defaults: Resolved['sequence'] = { returnSequences: false, returnState: false, seed: 0 };
  return {
    core: core(kind, given),
    sequence: checked(kind, sequenceChecks, given, defaults) as unknown as Resolved['sequence'],
  };
}

function core(kind: CoreKind, given: Given): CoreOptions {
  if (kind === 'rim') return { kind, ...rim(kind, given) };
  const own = checked(kind, checks[kind], given);
  if (kind !== 'brim') return { kind, ...own } as CoreOptions;
  const layers = own.layers as readonly Given[];
  for (const [i, layer] of layers.entries()) refuseOthers(`brim, layer ${i}`, layer, Object.keys(rimChecks));
  return { kind, layers: layers.map((layer, i) => rim(`brim, layer ${i}`, layer)) };
}

function rim(where: string, given: Given): RimOptions {
  const defaults = rimDefaults(given.units as number);
  const options = checked(where, rimChecks, given, { ...defaults }) as unknown as RimOptions;
  const { modules, active, inputAttention, communication, commGate } = options;
  const refuse = (reason: string): never => {
    throw new UserError(`${where}: ${reason}`);
  };
  if (active > modules) refuse(`active is ${active} of ${modules} modules; at most all can be active`);
  if (!inputAttention && active < modules)
    refuse(`without inputAttention nothing decides which modules are active; make active ${modules}, as modules`);
  if (commGate && !communication) refuse('commGate gates communication, which is false; leave one of them out');
  return options;
}

/** The options that there are checks for. @throws UserError where one does not hold */
function checked(where: string, checks: Readonly<Record<string, Check>>, given: Given, defaults: object = {}): Given {
  return Object.fromEntries(
    Object.entries(checks).map(([name, { holds, rule }]) => {
      const value = given[name] === undefined ? (defaults as Given)[name] : given[name];
      if (value === undefined) throw new UserError(`${where}: ${name} is missing; it must be ${rule}`);
      if (!holds(value)) throw new UserError(`${where}: ${name} is ${shown(value)}; it must be ${rule}`);
      return [name, value];
    }),
  );
}

function refuseOthers(where: string, given: Given, known: readonly string[], also: readonly string[] = []): void {
  const other = Object.keys(given).find((name) => !known.includes(name) && !also.includes(name));
  if (other !== undefined) throw new UserError(`${where}: unknown option "${other}"; there are ${known.join(', ')}`);
}

function shown(value: unknown): string {
  return typeof value === 'string' ? `"${value}"` : String(value);
}
