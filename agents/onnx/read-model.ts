import proto from 'onnx-proto';
import { z } from 'zod';
import { ActorCritic } from '../actor-critic.ts';
import { firstIssue, shown } from '../one-line.ts';
import { weightsHash } from '../bundle/hash.ts';
import { describedManifest } from '../bundle/manifest.ts';
import { wholeNumber } from '../bundle/whole-number.ts';
import type { FrozenAgent } from '../frozen-agent.ts';
import { portableKernels } from '../kernels/portable/index.ts';
import { UserError } from '../user-error.ts';
import { onnxFormat, type OnnxState, onnxStates } from './model.ts';
import { isSealed } from './seal.ts';

/** What an ONNX file says of the agent in it. */
export interface OnnxAgent extends FrozenAgent {
  readonly states: readonly OnnxState[];
}

const count = z.string().transform(wholeNumber).pipe(z.number('no whole number'));
const text = z.string();
const metadata = z.object({
  game: text,
  actionMeanings: text,
  recipe: text,
  settings: text,
  agent: text,
  states: text,
  training: text,
  agentStep: count,
  update: count,
  license: text,
  sha256: text,
});

/**
 * Reads what the file of {@link onnxModel} says of its agent, and checks that every bit of it is as it was written.
 * Nothing of the graph is run.
 * @throws UserError, one line, for a file that is no such model, of another version, or damaged
 */
export function readOnnxAgent(file: Uint8Array): OnnxAgent {
  const model = decoded(file);
  const said: Readonly<Record<string, string | undefined>> = Object.fromEntries(
    (model.metadataProps ?? []).map(({ key, value }) => [key ?? '', value ?? undefined]),
  );
  if (said.format === undefined)
    throw new UserError('the ONNX file holds no agent: npm run export writes those that do');
  if (said.format !== `${onnxFormat}`)
    throw new UserError(
      `the ONNX file has format ${shown(said.format)}, this version reads ${onnxFormat}; export it anew`,
    );
  if (!isSealed(file)) damaged('its fileSha256 is not that of its content');
  const found = metadata.safeParse(said);
  if (!found.success) damaged(`metadata: ${firstIssue(found.error)}`);
  const { game, recipe, actionMeanings, settings, agent, training, license, agentStep, update, sha256 } = found.data;
  const manifest = describedManifest(
    {
      agent: json(agent),
      environment: { game, recipe, actionMeanings: json(actionMeanings), settings: json(settings) },
      training: json(training),
      license,
    },
    damaged,
  );
  const { core, layout } = new ActorCritic(manifest.agent, portableKernels);
  const states = onnxStates(manifest.agent.core, core);
  if (found.data.states !== JSON.stringify(states)) damaged('its states are not those of its core');
  const tensors = new Map((model.graph?.initializer ?? []).map(({ name, rawData }) => [name, rawData]));
  const data = layout.placed.map(({ name, size }) => {
    const bytes = tensors.get(name);
    if (bytes?.length !== size * 4) damaged(`tensor "${name}" is missing or of another size`);
    return bytes;
  });
  if (weightsHash(data, agentStep, update) !== sha256) damaged('its sha256 is not that of its parameters');
  return { manifest, states, agentStep, update, sha256, parameterCount: layout.size, core };
}

function decoded(file: Uint8Array) {
  try {
    return proto.onnx.ModelProto.decode(file);
  } catch {
    throw new UserError('the file is no ONNX model, or is truncated; export it anew');
  }
}

function json(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return damaged('its metadata are not JSON');
  }
}

function damaged(reason: string): never {
  throw new UserError(`the ONNX file is damaged (${reason}); put back a good copy`);
}
