export type { Env, Info, ResetOptions, ResetResult, StepResult } from './env.ts';
export type { VectorEnv, VectorResetOptions, VectorResetResult, VectorStepResult } from './vector-env.ts';
export { Space } from './spaces/space.ts';
export { Box, type BoxArrays, type BoxOptions } from './spaces/box.ts';
export { Discrete } from './spaces/discrete.ts';
