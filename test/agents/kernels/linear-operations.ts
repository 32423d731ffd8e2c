// Our operations that are a matrix product and little else.
import type { Operation, Shapes } from './operation.ts';

interface HeadsSizes {
  readonly [name: string]: number;
  readonly T: number;
  readonly B: number;
  readonly w: number;
  readonly A: number;
}
const headsShapes = ({ T, B, w, A }: HeadsSizes): Shapes => ({
  ...{ hidden: [T, B, w], policy_weights: [w, A], value_weights: [w, 1] },
});

interface DenseSizes {
  readonly [name: string]: number;
  readonly N: number;
  readonly e: number;
  readonly u: number;
}

export const linearOperations: readonly Operation[] = [
  {
    name: 'RimAgentsDenseRelu',
    sizes: { N: 2, e: 5, u: 4 },
    shapes: ({ N, e, u }: DenseSizes) => ({ x: [N, e], weights: [e, u], bias: [u] }),
    attributes: () => ({}),
    outputs: 1,
    free: ['x[0]'],
  },
  {
    name: 'RimAgentsDenseReluFewRows',
    sizes: { N: 2, e: 5, u: 4 },
    shapes: ({ N, e, u }: DenseSizes) => ({ x: [N, e], weights: [e, u], bias: [u] }),
    attributes: () => ({}),
    outputs: 1,
    free: ['x[0]'],
  },
  {
    name: 'RimAgentsDenseReluGradient',
    sizes: { N: 2, e: 5, u: 4 },
    shapes: ({ N, e, u }: DenseSizes) => ({ x: [N, e], weights: [e, u], y: [N, u], d_y: [N, u] }),
    attributes: () => ({}),
    outputs: 3,
  },
  {
    name: 'RimAgentsHeads',
    sizes: { T: 3, B: 2, w: 5, A: 4 },
    shapes: (s: HeadsSizes) => ({ ...headsShapes(s), policy_bias: [s.A], value_bias: [1] }),
    attributes: () => ({}),
    outputs: 2,
    free: ['hidden[0]', 'hidden[1]'],
  },
  {
    name: 'RimAgentsHeadsGradient',
    sizes: { T: 3, B: 2, w: 5, A: 4 },
    shapes: (s: HeadsSizes) => ({ ...headsShapes(s), d_logits: [s.T * s.B, s.A], d_values: [s.T * s.B] }),
    attributes: () => ({}),
    outputs: 5,
  },
];
