export { AtariPool, type AtariPoolOptions } from './pool.ts';
export { PreprocessedAtariEnv, type PreprocessedAtariOptions } from './preprocessed-env.ts';
export { AtariEnv, type AtariAction, type AtariObservation } from './atari-env.ts';
export type { AtariEnvOptions } from './atari-env-options.ts';
export { registerAtari } from './registration.ts';
export { gameNames, resolveGame } from './games.ts';
export { aleVersion } from './recipe.ts';
export { atariDefaults, type AtariOptions } from './options.ts';
export { atariPresets } from './presets.ts';
