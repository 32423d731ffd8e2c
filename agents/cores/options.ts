import type { RimOptions } from './rim.ts';

/*
 * What a core can be asked to be. Without its code, and so without TensorFlow: settings can be read, and environments
 * can start, before that is loaded.
 */

export const coreKinds = ['rim', 'lstm', 'gru', 'ff'] as const;
export type CoreKind = (typeof coreKinds)[number];

export type CoreOptions =
  | ({ readonly kind: 'rim' } & RimOptions)
  | { readonly kind: 'lstm' | 'gru'; readonly units: number }
  | { readonly kind: 'ff' };

/** The authors' sizes for everything but modules, units and active (Goyal et al. 2019, released code). */
export function rimDefaults(units: number): Omit<RimOptions, 'modules' | 'units' | 'active'> {
  return {
    inputKey: 64,
    inputValue: 4 * units,
    commHeads: 4,
    commKey: 32,
    commValue: 32,
    initialisation: 'orthogonal',
  };
}
