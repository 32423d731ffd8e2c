import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ActorCritic, type AgentOptions } from '../../../agents/actor-critic.ts';
import type { CoreKind } from '../../../agents/cores/options.ts';
import { portableKernels } from '../../../agents/kernels/portable/index.ts';
import { Random } from '../../../agents/random.ts';
import { atariOptions } from '../../../envs/atari/index.ts';
import { writeAgent } from '../../../src/runs/agent-files.ts';
import { cores } from '../bundle/samples.ts';
import { play } from './play.ts';

/**
 * Writes a run's folder with a small agent of drawn parameters. Its policy's bias makes all actions equally likely on
 * average over a game, so that what it sees and remembers decides.
 */
export async function writeRandomAgent(run: string, kind: CoreKind, seed: number): Promise<void> {
  const agent: AgentOptions = {
    observationShape: [84, 84, 4],
    observationType: 'uint8',
    actions: 4,
    features: 32,
    core: cores[kind],
  };
  const { layout } = new ActorCritic(agent, portableKernels);
  const parameters = layout.initial(new Random(seed));
  const part = (name: string): Float32Array => {
    const { offset = 0, size = 0 } = layout.placed.find((one) => one.name === name) ?? {};
    return parameters.subarray(offset, offset + size);
  };
  const settings = atariOptions({ fireReset: true, maxNumFramesPerEpisode: 6000 });
  const description = {
    agent,
    environment: { game: 'Breakout', recipe: '', actionMeanings: ['NOOP', 'FIRE', 'RIGHT', 'LEFT'], settings },
    training: { algorithm: 'none', settings: {}, versions: {} },
    license: 'MIT',
  };
  mkdirSync(run);
  const write = (): void =>
    writeAgent(join(run, 'agent'), description, layout, { parameters, agentStep: 0, update: 0 });
  part('policy.weights').forEach((weight, i, weights) => (weights[i] = 1000 * weight));
  write();
  const { meanLogits } = await play(run, seed);
  part('policy.bias').set(meanLogits.map((logit) => -logit));
  write();
}
