export { AtariPool, type AtariPoolOptions } from './pool.ts';
export { AtariEnv } from './atari-env.ts';
export { gameNames, resolveGame } from './games.ts';
export { aleVersion, atariDefaults } from './options.ts';
