import type { CoreOptions } from '../cores/options.ts';
import { brim } from './brim.ts';
import type { Graph, Value } from './graph.ts';
import { gru } from './gru.ts';
import { lstm } from './lstm.ts';
import { rim } from './rim.ts';

/** A part's parameters, by name. */
export type Parameter = (name: string) => Value;

/** What a core makes of one step. */
export interface CoreStep {
  /** (B, outputSize) */
  readonly output: Value;
  /** The states after the step, (B, width) each, in the core's order. */
  readonly states: readonly Value[];
  /** (B, n) each, of cores made of modules. */
  readonly activation?: { readonly active: Value; readonly nullAttention: Value };
}

/**
 * One step of a core, as `createCore` has it.
 * @param x features (B, e) @param states before the step, (B, width) each, where an episode begins already zero
 */
export function coreStep(
  graph: Graph,
  options: CoreOptions,
  parameter: Parameter,
  x: Value,
  states: readonly Value[],
): CoreStep {
  switch (options.kind) {
    case 'rim':
      return rim(graph, options, parameter, x, states);
    case 'brim':
      return brim(graph, options.layers, parameter, x, states);
    case 'lstm':
      return lstm(graph, parameter, x, states);
    case 'gru':
      return gru(graph, parameter, x, states);
    case 'ff':
      return { output: x, states: [] };
  }
}

/** What the states of a core are called, in its order. */
export function stateNames(options: CoreOptions): string[] {
  switch (options.kind) {
    case 'rim':
      return ofDynamics(options.rnn);
    case 'brim':
      return options.layers.flatMap(({ rnn }, l) => ofDynamics(rnn).map((name) => `${l}.${name}`));
    case 'ff':
      return [];
    case 'lstm':
    case 'gru':
      return ofDynamics(options.kind);
  }
}

function ofDynamics(rnn: 'lstm' | 'gru'): string[] {
  return rnn === 'lstm' ? ['h', 'c'] : ['h'];
}
