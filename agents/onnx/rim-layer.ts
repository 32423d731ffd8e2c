import type { RimOptions } from '../cores/options.ts';
import type { CoreStep, Parameter } from './core.ts';
import type { Graph, Value } from './graph.ts';
import { gruStep } from './gru.ts';
import { lstmStep } from './lstm.ts';
import { concat, linear, reshape, sum, transpose, unsqueeze } from './operations.ts';

/** A layer after a step. */
export interface RimStep {
  /** (B, n m) */
  readonly h: Value;
  /** h and, with LSTM dynamics, c: (B, n m) each. */
  readonly states: readonly Value[];
  readonly activation: NonNullable<CoreStep['activation']>;
}

/**
 * One step of a layer of Recurrent Independent Mechanisms, operation by operation that of the portable kernel
 * (`kernels/portable/rim.ts`). Inside, modules come first: (n, B, width), so that one batched product serves all.
 * @param x the input elements beside null, (B, width) each @param h (B, n m) @param c (B, n m), with LSTM dynamics
 */
export function rimStep(
  graph: Graph,
  options: RimOptions,
  parameter: Parameter,
  x: readonly Value[],
  h: Value,
  c?: Value,
): RimStep {
  const before = toModules(graph, options, h);
  const cells = c === undefined ? undefined : toModules(graph, options, c);
  const { read, nullAttention } = options.inputAttention
    ? attendToInput(graph, options, parameter, x, before)
    : readEvenly(graph, parameter, x, before);
  const isActive = compete(graph, options, nullAttention);
  const isChanged = unsqueeze(graph, isActive, 2);
  const candidate = dynamics(graph, options, parameter, read, before, cells);
  const stepped = graph.apply('Where', [isChanged, candidate.h, before]);
  const source = options.readInactive === 'state' ? stepped : candidate.h;
  const hear = (): Value => {
    const message = communicate(graph, options, parameter, source);
    return graph.apply('Where', [isChanged, graph.apply('Add', [stepped, message]), stepped]);
  };
  const next = fromModules(graph, options, options.communication ? hear() : stepped);
  const nextCells =
    candidate.c === undefined || cells === undefined
      ? []
      : [fromModules(graph, options, graph.apply('Where', [isChanged, candidate.c, cells]))];
  return {
    h: next,
    states: [next, ...nextCells],
    activation: {
      active: transpose(graph, graph.toFloat(isActive), [1, 0]),
      nullAttention: transpose(graph, nullAttention, [1, 0]),
    },
  };
}

/** Attention over null, whose logit is 0, and the elements. @returns read (n, B, Hi dv), nullAttention (n, B) */
function attendToInput(
  graph: Graph,
  { inputHeads, inputKey, inputValue }: RimOptions,
  parameter: Parameter,
  x: readonly Value[],
  h: Value,
): { read: Value; nullAttention: Value } {
  const queries = graph.apply('MatMul', [h, parameter('inputQuery')]);
  const query = reshape(graph, queries, [0, 0, inputHeads, inputKey]); // (n, B, Hi, dk)
  const project = (element: Value, weights: string, width: number): Value =>
    reshape(graph, graph.apply('MatMul', [element, parameter(weights)]), [1, -1, inputHeads, width]);
  const logits = x.map((element, i) => {
    const products = graph.apply('Mul', [query, project(element, `inputKey${i}`, inputKey)]);
    return graph.apply('Div', [sum(graph, products, 3, 1), graph.number(Math.sqrt(inputKey))]); // (n, B, Hi, 1)
  });
  const all = graph.apply('Pad', [concat(graph, logits, 3), graph.numbers(0, 0, 0, 1, 0, 0, 0, 0)]); // a 0 goes first
  const attention = graph.apply('Softmax', [all], { axis: 3 });
  const [toNull, ...weights] = graph.split(attention, x.length + 1, 3) as [Value, ...Value[]];
  const reads = x.map((element, i) =>
    graph.apply('Mul', [weights[i] as Value, project(element, `inputValue${i}`, inputValue)]),
  );
  return {
    read: reshape(graph, graph.apply('Sum', reads), [0, 0, inputHeads * inputValue]),
    nullAttention: graph.apply('ReduceMean', [toNull], { axes: [2, 3], keepdims: 0 }),
  };
}

/** What attention reads that is spread evenly over the elements, null left out. @returns read (1, B, Hi dv) */
function readEvenly(
  graph: Graph,
  parameter: Parameter,
  x: readonly Value[],
  h: Value,
): { read: Value; nullAttention: Value } {
  const values = x.map((element, i) => graph.apply('MatMul', [element, parameter(`inputValue${i}`)]));
  const read = unsqueeze(graph, graph.apply('Mean', values), 0);
  const none = graph.apply('Mul', [sum(graph, h, 2, 0), graph.number(0)]);
  return { read, nullAttention: none };
}

/**
 * Whether a module is among the k that attend least to null; ties go to the lowest index. A module is active if fewer
 * than k beat it: this leaves nothing to how a runtime sorts.
 * @param nullAttention (n, B) @returns (n, B)
 */
function compete(graph: Graph, { modules: n, active }: RimOptions, nullAttention: Value): Value {
  const own = unsqueeze(graph, nullAttention, 1); // (n, 1, B)
  const other = unsqueeze(graph, nullAttention, 0); // (1, n, B)
  const comesFirst = graph.flags(
    `comes first of ${n}`,
    [n, n, 1],
    Array.from({ length: n * n }, (_, i) => i % n < Math.floor(i / n)),
  );
  const wins = graph.apply('And', [graph.apply('Equal', [other, own]), comesFirst]);
  const isBeaten = graph.apply('Or', [graph.apply('Less', [other, own]), wins]);
  const beatenBy = sum(graph, graph.toFloat(isBeaten), 1, 0);
  return graph.apply('Less', [beatenBy, graph.number(active)]);
}

/** What every module would step to, (n, B, m). */
function dynamics(
  graph: Graph,
  { rnn }: RimOptions,
  parameter: Parameter,
  read: Value,
  h: Value,
  c: Value | undefined,
): { h: Value; c?: Value } {
  const bias = (name: string): Value => unsqueeze(graph, parameter(name), 1); // (n, 1, gates)
  const fromInput = linear(graph, read, parameter('rnnInput'), bias('rnnBias'));
  if (rnn === 'gru') {
    const fromHidden = linear(graph, h, parameter('rnnHidden'), bias('rnnHiddenBias'));
    return { h: gruStep(graph, fromInput, fromHidden, h) };
  }
  const fromHidden = graph.apply('MatMul', [h, parameter('rnnHidden')]);
  return lstmStep(graph, graph.apply('Add', [fromInput, fromHidden]), c as Value);
}

/** What attention over all modules' states adds to each of them. @param source (n, B, m) @returns (n, B, m) */
function communicate(
  graph: Graph,
  { commHeads, commKey, commValue, commGate }: RimOptions,
  parameter: Parameter,
  source: Value,
): Value {
  const project = (weights: string, width: number, perm: readonly number[]): Value => {
    const products = graph.apply('MatMul', [source, parameter(weights)]);
    return transpose(graph, reshape(graph, products, [0, 0, commHeads, width]), perm);
  };
  const query = project('commQuery', commKey, [1, 2, 0, 3]); // (B, Hc, n, ck)
  const key = project('commKey', commKey, [1, 2, 3, 0]); // (B, Hc, ck, n)
  const value = project('commValue', commValue, [1, 2, 0, 3]); // (B, Hc, n, cv)
  const logits = graph.apply('Div', [graph.apply('MatMul', [query, key]), graph.number(Math.sqrt(commKey))]);
  const heard = graph.apply('MatMul', [graph.apply('Softmax', [logits], { axis: -1 }), value]);
  const z = reshape(graph, transpose(graph, heard, [2, 0, 1, 3]), [0, 0, commHeads * commValue]); // (n, B, Hc cv)
  const out = linear(graph, z, parameter('commOut'), parameter('commOutBias'));
  if (!commGate) return out;
  const gate = graph.apply('Sigmoid', [linear(graph, z, parameter('commGate'), parameter('commGateBias'))]);
  return graph.apply('Mul', [gate, graph.apply('Tanh', [out])]);
}

/** (B, n m) -> (n, B, m) */
function toModules(graph: Graph, { modules, units }: RimOptions, state: Value): Value {
  return transpose(graph, reshape(graph, state, [0, modules, units]), [1, 0, 2]);
}

/** (n, B, m) -> (B, n m) */
function fromModules(graph: Graph, { modules, units }: RimOptions, state: Value): Value {
  return reshape(graph, transpose(graph, state, [1, 0, 2]), [0, modules * units]);
}
