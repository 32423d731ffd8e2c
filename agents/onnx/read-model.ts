import proto from 'onnx-proto';
import { z } from 'zod';
import { ActorCritic } from '../actor-critic.ts';
import { weightsHash } from '../bundle/hash.ts';
import { type AgentManifest, manifestText, readManifest } from '../bundle/manifest.ts';
import type { FrozenAgent } from '../frozen-agent.ts';
import { portableKernels } from '../kernels/portable/index.ts';
import { UserError } from '../user-error.ts';
import { graphHash } from './graph.ts';
import { onnxFormat, type OnnxState } from './model.ts';

/** What an ONNX file says of the agent in it. */
export interface OnnxAgent extends FrozenAgent {
  readonly states: readonly OnnxState[];
}

const count = z.coerce.number().int().min(0);
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
  graphSha256: text,
});
const onnxStates = z.array(z.strictObject({ input: text, output: text, width: z.number().int().min(1) }));

/**
 * Reads what the file of {@link onnxModel} says of its agent, and checks that graph and parameters are those that were
 * written. Nothing of the graph is run.
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
    throw new UserError(`the ONNX file has format ${said.format}, this version reads ${onnxFormat}; export it anew`);
  const found = metadata.safeParse(said);
  if (!found.success) damaged(`its metadata lack ${found.error.issues[0]?.path.join('.') ?? 'something'}`);
  if (!model.graph || graphHash(model.graph) !== found.data.graphSha256)
    damaged('its graphSha256 is not that of its graph');
  const { game, recipe, actionMeanings, settings, agent, training, license, agentStep, update, sha256 } = found.data;
  const manifest = readManifest(
    JSON.parse(
      manifestText({
        agent: json(agent) as AgentManifest['agent'],
        environment: {
          ...{ game, recipe },
          actionMeanings: json(actionMeanings) as string[],
          settings: json(settings) as object,
        },
        training: json(training) as AgentManifest['training'],
        license,
      }),
    ),
  );
  const states = onnxStates.safeParse(json(found.data.states));
  if (!states.success) damaged('its states cannot be read');
  const { core, layout } = new ActorCritic(manifest.agent, portableKernels);
  if (states.data.map(({ width }) => width).join() !== core.stateWidths.join())
    damaged('its states are not those of its core');
  const tensors = new Map((model.graph?.initializer ?? []).map(({ name, rawData }) => [name, rawData]));
  const data = layout.placed.map(({ name, size }) => {
    const bytes = tensors.get(name);
    if (bytes?.length !== size * 4) damaged(`tensor "${name}" is missing or of another size`);
    return bytes;
  });
  if (weightsHash(data, agentStep, update) !== sha256) damaged('its sha256 is not that of its parameters');
  return { manifest, states: states.data, agentStep, update, sha256, parameterCount: layout.size, core };
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
