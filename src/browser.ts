/*
 * What of the package runs in browsers too (package.json's "exports" say so): load an agent, and let it play.
 */
export { type Act, Agent, type AgentState } from '../agents/agent.ts';
export type { AgentManifest } from '../agents/bundle/manifest.ts';
export { Random } from '../agents/random.ts';
export { environmentOf } from './environments/of-agent.ts';
