/*
 * The package from code: train an agent, load one, and let it play.
 */
export { type Act, Agent, type AgentState } from '../agents/agent.ts';
export type { AgentManifest } from '../agents/bundle/manifest.ts';
export { Random } from '../agents/random.ts';
export { environmentOf } from './ppo/environments.ts';
export type { Progress } from './ppo/trainer.ts';
export { train, type TrainOptions, type TrainSettings } from './train.ts';
