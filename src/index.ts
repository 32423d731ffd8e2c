/*
 * The package from code: train an agent, load one, and let it play.
 */
export { isUserError } from './errors.ts';
export * from './browser.ts';
export type { Progress } from './ppo/trainer.ts';
export { train, type TrainOptions, type TrainSettings } from './train.ts';
