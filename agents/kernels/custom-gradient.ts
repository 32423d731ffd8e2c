import * as tf from '@tensorflow/tfjs';

/**
 * tfjs' engine has operations of several outputs with gradients of their own, where tf.customGrad takes one output; its
 * declarations hide them.
 */
interface Engine {
  runKernelFunc(operation: {
    inputs: Readonly<Record<string, tf.Tensor>>;
    forwardFunc: (backend: unknown, save: (tensors: tf.Tensor[]) => void) => tf.Tensor[];
    backwardsFunc: (
      dys: tf.Tensor | tf.Tensor[],
      saved: readonly tf.Tensor[],
    ) => Readonly<Record<string, () => tf.Tensor>>;
  }): tf.Tensor[];
  readonly state: { readonly activeTape: readonly TapeNode[] | null };
}

interface TapeNode {
  readonly outputs: readonly tf.Tensor[];
  gradient?: (dys: readonly (tf.Tensor | null)[]) => unknown;
}

/** Whether operations are being recorded for a gradient. What a gradient needs is worth computing only then. */
export function isRecording(): boolean {
  return tf.engine().isTapeOn();
}

/**
 * Runs an operation that has a gradient of its own.
 * @param inputs by name, what gradients can be asked for
 * @param forward makes the outputs, and what the gradient needs (kept only while recording; inputs may be among it)
 * @param backward gets the gradient of the loss with respect to each output, undefined where the loss does not depend
 *   on it, and what was kept; gives it with respect to the inputs, by name
 */
export function withGradient<Name extends string>(
  inputs: Readonly<Record<Name, tf.Tensor>>,
  forward: () => { outputs: tf.Tensor[]; kept: tf.Tensor[] },
  backward: (gradients: (tf.Tensor | undefined)[], kept: readonly tf.Tensor[]) => Readonly<Record<Name, tf.Tensor>>,
): tf.Tensor[] {
  const names = Object.keys(inputs) as Name[];
  const engine = tf.engine() as unknown as Engine;
  let none: tf.Tensor | undefined;
  const outputs = engine.runKernelFunc({
    inputs,
    forwardFunc: (_backend, save) => {
      const { outputs, kept } = forward();
      save(kept);
      return outputs;
    },
    backwardsFunc: (dys, kept) => {
      const gradients = (Array.isArray(dys) ? dys : [dys]).map((dy) => (dy === none ? undefined : dy));
      const result = backward(gradients, kept);
      return Object.fromEntries(names.map((name) => [name, () => result[name]]));
    },
  });
  // For an output without a gradient tfjs would make zeros in JavaScript, of its size, and hand them to TensorFlow:
  // 25 MB for the cells of 196 steps. It leaves alone what is there already.
  const node = engine.state.activeTape?.at(-1);
  const whole = node?.gradient;
  if (node && whole && node.outputs[0] === outputs[0])
    node.gradient = (dys) => {
      const placeholder = (none = tf.zeros([0]));
      return whole(dys.map((dy) => dy ?? placeholder));
    };
  return outputs;
}
