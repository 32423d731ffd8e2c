import * as tf from '@tensorflow/tfjs';
import { CoreLayer } from './core-layer.ts';
import type { RimLayerOptions, SequenceOptions } from './options.ts';

/*
 * The cores as layers of tfjs. Each class is registered under its name, so that tf.loadLayersModel finds it; that
 * name stands in saved models and must not change.
 */

class RimCore extends CoreLayer {
  static className = 'RimCore';
  constructor(options: object) {
    super('rim', options);
  }
}

class BrimCore extends CoreLayer {
  static className = 'BrimCore';
  constructor(options: object) {
    super('brim', options);
  }
}

class LstmCore extends CoreLayer {
  static className = 'LstmCore';
  constructor(options: object) {
    super('lstm', options);
  }
}

class GruCore extends CoreLayer {
  static className = 'GruCore';
  constructor(options: object) {
    super('gru', options);
  }
}

class FeedForwardCore extends CoreLayer {
  static className = 'FeedForwardCore';
  constructor(options: object) {
    super('ff', options);
  }
}

for (const layer of [RimCore, BrimCore, LstmCore, GruCore, FeedForwardCore]) tf.serialization.registerClass(layer);

/**
 * Recurrent Independent Mechanisms (Goyal et al. 2019): modules that compete for the input, of which the winners step
 * and read from all. Output: the states of all modules, modules x units wide. States: h and, with LSTM dynamics, c.
 * @throws UserError (so do all of these) where an option is missing, unknown, or not what it must be
 */
export function rim(options: RimLayerOptions & SequenceOptions): tf.layers.Layer {
  return new RimCore(options);
}

/**
 * Bidirectional RIMs (Mittal et al. 2020): layers of RIMs, the lowest first, each of which also attends to the one
 * above it. Output: the states of the top layer's modules. States: h and, with LSTM dynamics, c of each layer.
 */
export function brim(options: { readonly layers: readonly RimLayerOptions[] } & SequenceOptions): tf.layers.Layer {
  return new BrimCore(options);
}

/** Long short-term memory; output `units` wide, states h and c. */
export function lstm(options: { readonly units: number } & SequenceOptions): tf.layers.Layer {
  return new LstmCore(options);
}

/** Gated recurrent unit, its reset gate applied after the hidden product; output `units` wide, state h. */
export function gru(options: { readonly units: number } & SequenceOptions): tf.layers.Layer {
  return new GruCore(options);
}

/** No memory and no weights: the input itself, to compare with. */
export function ff(options: SequenceOptions = {}): tf.layers.Layer {
  return new FeedForwardCore(options);
}
