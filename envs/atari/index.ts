export { AtariPool, type AtariPoolOptions } from './pool.ts';
export { AtariEnv, type AtariEnvOptions } from './atari-env.ts';
export { type Game, gameNames, resolveGame } from './games.ts';
export { aleVersion, atariDefaults, type AtariOptions } from './options.ts';
