import * as tf from '@tensorflow/tfjs';

/** Tensors by name. */
export type Tensors = Readonly<Record<string, tf.Tensor>>;

export interface Evaluated {
  readonly loss: tf.Scalar;
  readonly outputs: Tensors;
  /** Of the loss, with respect to each tensor. */
  readonly grads: Tensors;
}

/**
 * Runs an operation and its gradient. The caller disposes what comes out.
 * @param tensors what it takes; the gradient is with respect to each of them
 * @param run makes the outputs, and the loss of them
 */
export function evaluate(
  tensors: Tensors,
  run: (tensors: Tensors) => { outputs: Tensors; loss: tf.Tensor },
): Evaluated {
  const names = Object.keys(tensors);
  return tf.tidy(() => {
    const outputs: Record<string, tf.Tensor> = {};
    const { value, grads } = tf.valueAndGrads((...differentiated) => {
      const result = run(Object.fromEntries(names.map((name, i) => [name, differentiated[i] as tf.Tensor])));
      for (const [name, tensor] of Object.entries(result.outputs)) outputs[name] = tf.keep(tensor.clone());
      // What the variant does not use has a gradient too: 0.
      return differentiated.reduce((loss, one) => tf.add(loss, tf.mul(0, tf.sum(one))), result.loss) as tf.Scalar;
    })(Object.values(tensors));
    return { loss: value, outputs, grads: Object.fromEntries(names.map((name, i) => [name, grads[i] as tf.Tensor])) };
  });
}
