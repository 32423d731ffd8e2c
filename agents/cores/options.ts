import type { RimSpec } from '../kernels/kernels.ts';
import { UserError } from '../user-error.ts';

/*
 * What a core can be asked to be. Without its code, and so without TensorFlow: settings can be read, and environments
 * can start, before that is loaded.
 */

export const coreKinds = ['rim', 'brim', 'lstm', 'gru', 'ff'] as const;
export type CoreKind = (typeof coreKinds)[number];

/** A layer of Recurrent Independent Mechanisms. */
export interface RimOptions extends RimSpec {
  /** The features are cut into so many parts of one width; each is an element with a key and a value of its own. */
  readonly inputElements: number;
  /** Share of values that are dropped in training, from what is read of the input and inside communication. */
  readonly dropout: number;
  /** `orthogonal`: each module's matrices, as the rest of a PPO network. `paper`: as the authors' code draws them. */
  readonly initialisation: 'orthogonal' | 'paper';
}

export type CoreOptions =
  | ({ readonly kind: 'rim' } & RimOptions)
  /** The lowest layer first. */
  | { readonly kind: 'brim'; readonly layers: readonly RimOptions[] }
  | { readonly kind: 'lstm' | 'gru'; readonly units: number }
  | { readonly kind: 'ff' };

/**
 * The authors' sizes and the paper's variant, for everything but modules, units and active (Goyal et al. 2019, and its
 * released code); without dropout, as in their reinforcement learning.
 */
export function rimDefaults(units: number): Omit<RimOptions, 'modules' | 'units' | 'active'> {
  return {
    rnn: 'lstm',
    readInactive: 'state',
    inputAttention: true,
    inputHeads: 1,
    inputKey: 64,
    inputValue: 4 * units,
    inputElements: 1,
    communication: true,
    commGate: false,
    commHeads: 4,
    commKey: 32,
    commValue: 32,
    dropout: 0,
    initialisation: 'orthogonal',
  };
}

/** Options as a run saved them. Runs from before a RIM had variants have their sizes alone: the rest is the default. */
export function savedCoreOptions(saved: unknown): unknown {
  const core = saved as Partial<CoreOptions> | undefined;
  return core?.kind === 'rim' ? { ...rimDefaults(core.units ?? 0), ...core } : saved;
}

/** @throws UserError where options contradict each other; flags are named as the commands call them */
export function checkCoreOptions(options: CoreOptions): void {
  const layers = options.kind === 'rim' ? [options] : options.kind === 'brim' ? options.layers : [];
  for (const layer of layers) checkRim(layer, options.kind === 'brim');
}

function checkRim({ modules, active, inputAttention, communication, commGate }: RimOptions, isLayer: boolean): void {
  const mend = isLayer ? ': --layers is modules x units : active, as in 6x50:4' : '';
  if (active > modules)
    throw new UserError(
      `${active} active modules of ${modules}${mend || ': --active must not exceed --modules'}; ` +
        'at most all modules can be active',
    );
  if (!inputAttention && active < modules)
    throw new UserError(
      `--no-input-attention with ${active} active modules of ${modules}: without attention nothing decides which; ` +
        (isLayer ? `give the layer ${modules} active ones` : `take --active ${modules}`),
    );
  if (commGate && !communication)
    throw new UserError('--comm-gate gates communication, which --no-communication leaves out; give one of them');
}
