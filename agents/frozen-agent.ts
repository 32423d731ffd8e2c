import type { AgentManifest } from './bundle/manifest.ts';
import type { Core } from './cores/core.ts';

/** What is known of an agent that acts and learns nothing, whatever file it is from. */
export interface FrozenAgent {
  readonly manifest: AgentManifest;
  /** Agent steps and updates it has learned from, and the hash of what it learned. */
  readonly agentStep: number;
  readonly update: number;
  readonly sha256: string;
  /** Number of its parameters. */
  readonly parameterCount: number;
  /** Widths of states and output, and modules: what whoever lets it act needs to know. */
  readonly core: Pick<Core, 'stateWidths' | 'outputSize' | 'modules'>;
}
