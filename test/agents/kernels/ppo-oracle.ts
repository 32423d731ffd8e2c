// What PyTorch computes in float64: test/oracle/ppo.json, made by test/oracle/pytorch-ppo.py.
import { readFileSync } from 'node:fs';
import type { PpoLossSettings } from '../../../agents/kernels/kernels.ts';

interface LossCase {
  readonly settings: PpoLossSettings;
  /** (N, A) */
  readonly logits: number[][];
  /** (N) each */
  readonly values: number[];
  readonly actions: number[];
  readonly oldLogProbabilities: number[];
  readonly oldValues: number[];
  readonly advantages: number[];
  readonly returns: number[];
  readonly expected: Readonly<Record<'loss' | 'statistics' | 'dLogits' | 'dValues', number[]>>;
}

/** Some steps of Adam after clipping, from given moments. */
interface AdamCase {
  readonly settings: { maxNorm: number; beta1: number; beta2: number; epsilon: number };
  readonly parameters: number[];
  /** Steps that were made before, with these moments left. */
  readonly stepsBefore: number;
  readonly m: number[];
  readonly v: number[];
  readonly steps: readonly { readonly learningRate: number; readonly gradients: number[] }[];
  /** norms: of each step's gradient before clipping. */
  readonly expected: Readonly<Record<'norms' | 'parameters' | 'm' | 'v', number[]>>;
}

interface ClipCase {
  readonly maxNorm: number;
  readonly gradients: number[];
  readonly expected: { readonly norm: number; readonly gradients: number[] };
}

const oracle = JSON.parse(readFileSync(new URL('../../oracle/ppo.json', import.meta.url), 'utf8')) as {
  loss: LossCase[];
  clip: ClipCase[];
  adam: AdamCase[];
};
export const { loss: lossCases, clip: clipCases, adam: adamCases } = oracle;
