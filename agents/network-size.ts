import type { AgentOptions } from './actor-critic.ts';
import type { CoreOptions, RimOptions } from './cores/options.ts';

/** How large a network is, by formulas of its options alone: no network is made. */
export interface NetworkSize {
  readonly parameters: number;
  /**
   * Multiply-adds that one agent step of one environment takes when it acts: those of all products of matrices,
   * convolutions and attentions. What is done element by element (gates, activations, softmax) is not counted.
   */
  readonly multiplyAdds: number;
}

/** Of torso, core and heads together. */
export function networkSize(options: AgentOptions): NetworkSize {
  const width = coreWidth(options);
  const torso = options.observationShape.length === 3 ? natureCnnSize(options) : mlpSize(options);
  return total([torso, coreSize(options.core, options.features), linear(width, options.actions), linear(width, 1)]);
}

/** Width of what the core gives the heads. */
export function coreWidth({ core, features }: Pick<AgentOptions, 'core' | 'features'>): number {
  const widthOf = (layer: RimOptions | undefined): number => (layer?.modules ?? 0) * (layer?.units ?? 0);
  switch (core.kind) {
    case 'rim':
      return widthOf(core);
    case 'brim':
      return widthOf(core.layers.at(-1));
    case 'lstm':
    case 'gru':
      return core.units;
    case 'ff':
      return features;
  }
}

function natureCnnSize({ observationShape, features }: AgentOptions): NetworkSize {
  return total([
    convolution({ window: 8, from: observationShape[2] as number, to: 32, places: 20 * 20 }),
    convolution({ window: 4, from: 32, to: 64, places: 9 * 9 }),
    convolution({ window: 3, from: 64, to: 64, places: 7 * 7 }),
    linear(7 * 7 * 64, features),
  ]);
}

function mlpSize({ observationShape, features }: AgentOptions): NetworkSize {
  return total([linear(observationShape[0] as number, features), linear(features, features)]);
}

function coreSize(core: CoreOptions, features: number): NetworkSize {
  switch (core.kind) {
    case 'rim':
      return rimSize(core, elements(features, core));
    case 'brim':
      return total(core.layers.map((layer, l) => rimSize(layer, inputsOf(core.layers, l, features))));
    case 'lstm':
      return total([products(features, 4 * core.units), linear(core.units, 4 * core.units)]);
    case 'gru':
      return total([linear(features, 3 * core.units), linear(core.units, 3 * core.units)]);
    case 'ff':
      return total([]);
  }
}

/** Widths of the elements that layer `l` of a BRIM attends to: from below, and all of the layer above. */
function inputsOf(layers: readonly RimOptions[], l: number, features: number): number[] {
  const widths = layers.map(({ modules, units }) => modules * units);
  const below = l === 0 ? features : (widths[l - 1] as number);
  return [...elements(below, layers[l] as RimOptions), ...widths.slice(l + 1, l + 2)];
}

function elements(width: number, { inputElements }: RimOptions): number[] {
  return Array<number>(inputElements).fill(width / inputElements);
}

/**
 * A layer of RIMs. Only active modules step and listen; all are asked for their attention to the input, and heard.
 * @param inputs widths of the input's elements
 */
function rimSize(layer: RimOptions, inputs: readonly number[]): NetworkSize {
  const { modules: n, units: m, active: k, rnn, inputHeads, inputKey, inputValue } = layer;
  const gates = (rnn === 'lstm' ? 4 : 3) * m;
  const stepping = layer.readInactive === 'candidate' && layer.communication ? n : k;
  const [keys, values] = [inputHeads * inputKey, inputHeads * inputValue];
  return total([
    ...inputs.map((width) => products(width, values)),
    ...(layer.inputAttention
      ? [
          perModule(n, n, products(m, keys)),
          ...inputs.map((width) => products(width, keys)),
          attention({ readers: n, read: inputs.length, keys, values }),
        ]
      : []),
    perModule(n, stepping, products(values, gates)),
    perModule(n, stepping, linear(m, gates)),
    ...(rnn === 'gru' ? [bias(n * gates)] : []),
    ...(layer.communication ? communicationSize(layer) : []),
  ]);
}

function communicationSize({ modules: n, units: m, active: k, commHeads, commKey, commValue, commGate }: RimOptions) {
  const [keys, values] = [commHeads * commKey, commHeads * commValue];
  const output = shared(k, linear(values, m));
  return [
    perModule(n, k, products(m, keys)),
    perModule(n, n, products(m, keys)),
    perModule(n, n, products(m, values)),
    attention({ readers: k, read: n, keys, values }),
    output,
    ...(commGate ? [output] : []),
  ];
}

/** A matrix without a bias, used once. */
function products(inputs: number, outputs: number): NetworkSize {
  return { parameters: inputs * outputs, multiplyAdds: inputs * outputs };
}

function linear(inputs: number, outputs: number): NetworkSize {
  return total([products(inputs, outputs), bias(outputs)]);
}

function bias(width: number): NetworkSize {
  return { parameters: width, multiplyAdds: 0 };
}

/** Parameters for each of n modules, used by so many of them. */
function perModule(n: number, used: number, { parameters, multiplyAdds }: NetworkSize): NetworkSize {
  return { parameters: n * parameters, multiplyAdds: used * multiplyAdds };
}

/** Parameters that several use. */
function shared(users: number, { parameters, multiplyAdds }: NetworkSize): NetworkSize {
  return { parameters, multiplyAdds: users * multiplyAdds };
}

interface AttentionSize {
  readonly readers: number;
  readonly read: number;
  /** Widths of all heads together. */
  readonly keys: number;
  readonly values: number;
}

/** Each reader's query with each key, and the values weighted and summed. */
function attention({ readers, read, keys, values }: AttentionSize): NetworkSize {
  return { parameters: 0, multiplyAdds: readers * read * (keys + values) };
}

interface ConvolutionSize {
  /** Height and width of a filter. */
  readonly window: number;
  /** Channels. */
  readonly from: number;
  readonly to: number;
  /** Places where each filter is applied. */
  readonly places: number;
}

function convolution({ window, from, to, places }: ConvolutionSize): NetworkSize {
  const { parameters, multiplyAdds } = products(window * window * from, to);
  return { parameters: parameters + to, multiplyAdds: places * multiplyAdds };
}

function total(parts: readonly NetworkSize[]): NetworkSize {
  const sum = (of: (part: NetworkSize) => number): number => parts.reduce((all, part) => all + of(part), 0);
  return { parameters: sum(({ parameters }) => parameters), multiplyAdds: sum(({ multiplyAdds }) => multiplyAdds) };
}
