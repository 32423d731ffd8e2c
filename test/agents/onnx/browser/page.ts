// What the page runs: an exported agent, step by step, each state fed back.
import { env, InferenceSession, Tensor } from 'onnxruntime-web/wasm';

/** What onnxruntime's files are called on the server. */
env.wasm.wasmPaths = '/ort/';
env.wasm.numThreads = 1; // more would ask for a page that is isolated from others

/**
 * @param file the model's URL @param observations bytes, one picture each @param shape of one
 * @returns the logits of each step
 */
async function run(file: string, observations: readonly number[][], shape: readonly number[]): Promise<number[][]> {
  const session = await InferenceSession.create(file);
  const widths = session.inputMetadata.flatMap((input) =>
    input.isTensor && input.name !== 'observation' && input.name !== 'keep'
      ? [[input.name, input.shape[1] as number] as const]
      : [],
  );
  let states = Object.fromEntries(
    widths.map(([name, width]) => [name, new Tensor(new Float32Array(width), [1, width])]),
  );
  const logits: number[][] = [];
  for (const observation of observations) {
    const found = await session.run({
      observation: new Tensor('uint8', Uint8Array.from(observation), [1, ...shape]),
      keep: new Tensor(Float32Array.of(1), [1]),
      ...states,
    });
    states = Object.fromEntries(widths.map(([name]) => [name, found[`next.${name}`] as Tensor as never]));
    logits.push(Array.from(found.logits?.data as Float32Array));
  }
  return logits;
}

export type Page = typeof globalThis & { run: typeof run };
Object.assign(globalThis, { run });
