export { AtariPool, type AtariPoolOptions } from './pool.ts';
export { PreprocessedAtariEnv, type PreprocessedAtariOptions } from './preprocessed-env.ts';
export { gameNames, resolveGame } from './games.ts';
export { aleVersion } from './recipe.ts';
export { atariDefaults, type AtariOptions } from './options.ts';
export { atariPresets } from './presets.ts';
