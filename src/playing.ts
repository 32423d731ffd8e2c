/*
 * The package from code, as far as it runs in browsers too: load an agent, and let it play.
 */
export { type Act, Agent, type AgentState } from '../agents/agent.ts';
export type { AgentManifest } from '../agents/bundle/manifest.ts';
export { Random } from '../agents/random.ts';
export { environmentOf } from './environment-of.ts';
