export { AtariPool, type AtariPoolOptions } from './pool.ts';
export { AtariVectorEnv, type AtariVectorReset, type AtariVectorStep } from './atari-vector-env.ts';
export type { AtariVectorOptions } from './vector-options.ts';
export { PreprocessedAtariEnv, type PreprocessedAtariOptions } from './preprocessed-env.ts';
export { AtariEnv, type AtariAction, type AtariObservation } from './atari-env.ts';
export { registerAtari } from './registration.ts';
export { findGame, gameNames, resolveGame } from './games.ts';
export { atariDefaults, type AtariOptions } from './options.ts';
export { atariPresets } from './presets.ts';
