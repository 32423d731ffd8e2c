import { ActorCritic } from '../actor-critic.ts';
import { portableKernels } from '../kernels/portable/index.ts';
import type { ParameterLayout } from '../parameters.ts';
import { UserError } from '../user-error.ts';
import { damaged } from './damaged.ts';
import { bundleFiles } from './files.ts';
import { weightsHash } from './hash.ts';
import { type AgentManifest, readManifest } from './manifest.ts';
import { named, parseSafetensors } from './safetensors.ts';
import { wholeNumber } from './whole-number.ts';

/** An agent as its two files hold it. */
export interface Bundle {
  readonly manifest: AgentManifest;
  /** All parameters, in the order of the network's layout. */
  readonly parameters: Float32Array;
  /** Agent steps and updates it has learned from. */
  readonly agentStep: number;
  readonly update: number;
  /** Of the parameters and both numbers, by {@link weightsHash}. */
  readonly sha256: string;
}

/**
 * Reads an agent and checks all of it: nothing that the files hold is run, and what passes is what was written.
 * Works in Node and in browsers; TensorFlow need not be loaded.
 * @param manifest what JSON.parse made of agent.json @param weights the bytes of weights.safetensors
 * @throws UserError, one line, for a damaged or truncated file, another version, weights of another network, or a
 *   weight that is not finite
 */
export function readBundle(manifest: unknown, weights: Uint8Array): Bundle {
  const checked = readManifest(manifest);
  const layout = layoutOf(checked);
  const { metadata, tensors, data } = parseSafetensors(weights);
  // Before memory is taken: agent.json may speak of more than there is.
  if (layout.size * 4 > data.length)
    damaged(
      'weights',
      `it has ${data.length} bytes of values, the network of ${bundleFiles.manifest} ${layout.size * 4}`,
    );
  const parameters = new Float32Array(layout.size);
  for (const { name, shape, offset, size } of layout.placed) {
    const tensor = tensors.get(name) ?? damaged('weights', `${named(name)} is missing`);
    if (tensor.dtype !== 'F32') damaged('weights', `${named(name)} is not of float32`);
    if (tensor.shape.join() !== shape.join())
      damaged('weights', `${named(name)} is of shape ${sides(tensor.shape)}, the network's of ${sides(shape)}`);
    if (tensor.end - tensor.begin !== size * 4)
      damaged('weights', `${named(name)} has ${tensor.end - tensor.begin} bytes, ${size * 4} are wanted`);
    new Uint8Array(parameters.buffer, offset * 4, size * 4).set(data.subarray(tensor.begin, tensor.end));
  }
  const expected = new Set(layout.names);
  for (const name of tensors.keys())
    if (!expected.has(name)) damaged('weights', `${named(name)} is none of the network in ${bundleFiles.manifest}`);
  const agentStep = count(metadata, 'agentStep');
  const update = count(metadata, 'update');
  const sha256 = weightsHash([data], agentStep, update);
  if (metadata.sha256 !== sha256) damaged('weights', 'its sha256 is not that of its content');
  for (const { name, offset, size } of layout.placed)
    if (!parameters.subarray(offset, offset + size).every(Number.isFinite))
      damaged('weights', `${named(name)} holds a number that is not finite`);
  return { manifest: checked, parameters, agentStep, update, sha256 };
}

/** Where the parameters of the network lie; the kernels do not matter to it. */
function layoutOf({ agent }: AgentManifest): ParameterLayout {
  try {
    return new ActorCritic(agent, portableKernels).layout;
  } catch (error) {
    if (error instanceof UserError) damaged('manifest', `it describes no network: ${error.message}`);
    throw error;
  }
}

function count(metadata: Readonly<Record<string, string>>, name: string): number {
  return wholeNumber(metadata[name]) ?? damaged('weights', `its metadata have no ${name}`);
}

function sides(shape: readonly number[]): string {
  return shape.length === 0 ? 'a single number' : shape.join('x');
}
