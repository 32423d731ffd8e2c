export type { Env, Info, ResetOptions, ResetResult, StepResult } from './env.ts';
export type { VectorEnv, VectorResetOptions, VectorResetResult, VectorStepResult } from './vector-env.ts';
export { Space } from './spaces/space.ts';
export { Box, type BoxArrays, type BoxOptions } from './spaces/box.ts';
export { Discrete } from './spaces/discrete.ts';
export { npRandom } from './seeding/np-random.ts';
export { type Seed, SeedSequence } from './seeding/seed-sequence.ts';
export { Generator, type ChoiceOptions, type IntegersOptions } from './seeding/generator.ts';
export type { Pcg64State } from './seeding/pcg64.ts';
