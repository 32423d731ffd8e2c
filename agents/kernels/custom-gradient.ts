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
}

/** Whether operations are being recorded for a gradient. What a gradient needs is worth computing only then. */
export function isRecording(): boolean {
  return tf.engine().isTapeOn();
}

/**
 * Runs an operation that has a gradient of its own.
 * @param inputs by name, what gradients can be asked for
 * @param forward makes the outputs, and what the gradient needs (kept only while recording; inputs may be among it)
 * @param backward gets the gradient of the loss with respect to each output and what was kept; gives it with respect to
 *   the inputs, by name
 */
export function withGradient<Name extends string>(
  inputs: Readonly<Record<Name, tf.Tensor>>,
  forward: () => { outputs: tf.Tensor[]; kept: tf.Tensor[] },
  backward: (gradients: tf.Tensor[], kept: readonly tf.Tensor[]) => Readonly<Record<Name, tf.Tensor>>,
): tf.Tensor[] {
  const names = Object.keys(inputs) as Name[];
  return (tf.engine() as unknown as Engine).runKernelFunc({
    inputs,
    forwardFunc: (_backend, save) => {
      const { outputs, kept } = forward();
      save(kept);
      return outputs;
    },
    backwardsFunc: (dys, kept) => {
      const result = backward(Array.isArray(dys) ? dys : [dys], kept);
      return Object.fromEntries(names.map((name) => [name, () => result[name]]));
    },
  });
}
