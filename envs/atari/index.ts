export { AtariPool, type AtariPoolOptions } from './pool.ts';
export { AtariVectorEnv, type AtariVectorReset, type AtariVectorStep } from './atari-vector-env.ts';
export type { AtariVectorOptions, VectorEnvironmentOptions } from './vector-options.ts';
export { PreprocessedAtariEnv, type PreprocessedAtariOptions } from './preprocessed-env.ts';
export { findGame, gameNames, resolveGame } from './games.ts';
export { aleVersion } from './recipe.ts';
export { atariDefaults, type AtariOptions } from './options.ts';
export { atariPresets } from './presets.ts';
