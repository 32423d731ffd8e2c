export { AtariPool, type AtariPoolOptions } from './pool.ts';
export { AtariEnv } from './atari-env.ts';
export { findGame, gameNames, resolveGame } from './games.ts';
export { aleVersion, atariDefaults } from './options.ts';
