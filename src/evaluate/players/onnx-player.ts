import type { InferenceSession } from 'onnxruntime-web';
import { type OnnxAgent, readOnnxAgent } from '../../../agents/onnx/read-model.ts';
import { isUserError, UserError } from '../../errors.ts';
import { readFile } from '../../runs/disk.ts';
import type { Player } from './player.ts';

/**
 * The agent of an ONNX file, computed by onnxruntime from the file alone.
 * @throws UserError, with the path, where it cannot be read or loaded, or as {@link readOnnxAgent}
 */
export async function loadOnnxPlayer(path: string): Promise<Player> {
  const file = readFile(path);
  const { states, manifest, core, ...told } = checked(path, file);
  const ort = await import('onnxruntime-web');
  ort.env.wasm.numThreads = 1;
  const session = await created(path, ort.InferenceSession.create(file));
  const { observationShape, observationType } = manifest.agent;
  return {
    ...told,
    manifest,
    core,
    versions: { onnxruntime: ort.env.versions.web ?? 'unknown' },
    threads: 1,
    async act(observations, before, keep) {
      const batch = keep.length;
      const given = states.map(({ input, width }, i) => [
        input,
        new ort.Tensor('float32', before[i] as Float32Array, [batch, width]),
      ]);
      const outputs = await session.run({
        observation: new ort.Tensor(observationType, observations as Uint8Array, [batch, ...observationShape]),
        keep: new ort.Tensor('float32', keep, [batch]),
        ...(Object.fromEntries(given) as Record<string, InstanceType<typeof ort.Tensor>>),
      });
      const output = (name: string): Float32Array => outputs[name]?.data as Float32Array;
      return {
        logits: output('logits'),
        values: output('value'),
        states: states.map((state) => output(state.output)),
        hidden: output('hidden'),
        ...(core.modules && { activation: { active: output('active'), nullAttention: output('nullAttention') } }),
      };
    },
    dispose: () => session.release(),
  };
}

function checked(path: string, file: Uint8Array): OnnxAgent {
  try {
    return readOnnxAgent(file);
  } catch (error) {
    throw isUserError(error) ? new UserError(`${path}: ${error.message}`, { cause: error }) : error;
  }
}

async function created(path: string, creating: Promise<InferenceSession>): Promise<InferenceSession> {
  try {
    return await creating;
  } catch (error) {
    const [first] = String(error instanceof Error ? error.message : error).split('\n');
    throw new UserError(`${path}: onnxruntime does not load it (${first}); export it anew`, { cause: error });
  }
}
