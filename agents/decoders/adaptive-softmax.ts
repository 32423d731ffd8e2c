import * as tf from '@tensorflow/tfjs';
import { crossEntropies } from '../cross-entropy.ts';
import { uniform } from '../initializers.ts';
import type { Parameters, ParameterSpec } from '../parameters.ts';
import { UserError } from '../user-error.ts';

export interface AdaptiveSoftmaxOptions {
  /** Words of the vocabulary, numbered by falling frequency. */
  readonly words: number;
  /** Width d of the vectors that stand for a word, and of what the words are predicted from. */
  readonly width: number;
  /** Where each cluster of rarer words begins; none makes it a plain softmax. */
  readonly cutoffs: readonly number[];
  /** The vectors of each cluster are so many times narrower than those of the one before. */
  readonly divisor: number;
}

/** Words first to end - 1. */
interface Cluster {
  readonly first: number;
  readonly end: number;
  readonly width: number;
}

/**
 * A softmax over many words that is cheap for frequent ones (Grave et al. 2017, arXiv 1609.04309): the head chooses
 * among the most frequent words and the clusters, a cluster among its own words, from a narrower projection. The same
 * tables can embed words (tied weights, as in Baevski and Auli 2019, arXiv 1809.10853): a rare word's narrow vector is
 * widened by its cluster's projection.
 *
 * Parameters, as `torch.nn.AdaptiveLogSoftmaxWithLoss` shapes them: `words0` (c, d) and `clusters` (clusters, d), the
 * head together, then for each cluster i from 1 `projection<i>` (di, d) and `words<i>` (words of it, di).
 */
export class AdaptiveSoftmax {
  readonly parameters: readonly ParameterSpec[];
  readonly #words: number;
  /** The head's words, then the clusters of rarer ones. */
  readonly #clusters: readonly Cluster[];

  /** @throws UserError if the cutoffs do not rise within the vocabulary, or leave a cluster's vectors no width */
  constructor({ words, width, cutoffs, divisor }: AdaptiveSoftmaxOptions) {
    const edges = [0, ...cutoffs, words];
    if (edges.some((edge, i) => !Number.isInteger(edge) || (i > 0 && edge <= (edges[i - 1] as number))))
      throw new UserError(`cutoffs ${cutoffs.join(',')}: must be whole numbers that rise, from 1 to ${words - 1}`);
    this.#words = words;
    this.#clusters = edges.slice(1).map((end, i) => {
      const narrower = Math.floor(width / divisor ** i);
      if (narrower < 1)
        throw new UserError(
          `cluster ${i} of the vocabulary would have vectors of width ${width} / ${divisor}^${i} < 1; ` +
            'take fewer cutoffs',
        );
      return { first: edges[i] as number, end, width: narrower };
    });
    this.parameters = this.#clusters.flatMap(({ first, end, width: narrow }, i): ParameterSpec[] => {
      const table = { name: `words${i}`, shape: [end - first, narrow], initializer: uniform(0.1) };
      if (i > 0)
        return [{ name: `projection${i}`, shape: [narrow, width], initializer: uniform(1 / Math.sqrt(width)) }, table];
      const clusters = { name: 'clusters', shape: [cutoffs.length, width], initializer: uniform(0.1) };
      return cutoffs.length > 0 ? [table, clusters] : [table];
    });
  }

  /** Vectors of words. @param words (N) @returns (N, d) */
  embed(parameters: Parameters, words: ArrayLike<number>): tf.Tensor2D {
    const { places, rows } = this.#sorted(words);
    const parts = rows.map((own, i): tf.Tensor2D => {
      const { first } = this.#clusters[i] as Cluster;
      const numbers = own.map((row) => (words[row] as number) - first);
      const vectors = tf.gather<tf.Tensor2D>(table(parameters, `words${i}`), tf.tensor1d(numbers, 'int32'));
      return i === 0 ? vectors : tf.matMul(vectors, table(parameters, `projection${i}`));
    });
    return tf.gather(tf.concat2d(parts, 0), places);
  }

  /**
   * Minus the log-probability of each target, in nats. Each cluster is computed for the rows alone whose target is in
   * it; also where there are none, so that every parameter has a gradient.
   * @param x (N, d) @param targets (N) @returns (N)
   */
  losses(parameters: Parameters, x: tf.Tensor2D, targets: ArrayLike<number>): tf.Tensor1D {
    const { places, rows } = this.#sorted(targets);
    const common = (this.#clusters[0] as Cluster).end;
    const choices = new Int32Array(targets.length);
    const inCluster = rows.map((own, i) => {
      for (const row of own) choices[row] = i === 0 ? (targets[row] as number) : common + i - 1;
      if (i === 0) return tf.zeros<tf.Rank.R1>([own.length]);
      const { first } = this.#clusters[i] as Cluster;
      const logits = this.#clusterLogits(parameters, tf.gather(x, tf.tensor1d(own, 'int32')), i);
      return crossEntropies(
        logits,
        own.map((row) => (targets[row] as number) - first),
      );
    });
    const head = crossEntropies(this.#headLogits(parameters, x), choices);
    return rows.length === 1 ? head : tf.add(head, tf.gather(tf.concat1d(inCluster), places));
  }

  /** Log-probabilities of all words. @param x (N, d) @returns (N, words) */
  logProbabilities(parameters: Parameters, x: tf.Tensor2D): tf.Tensor2D {
    const head = tf.logSoftmax(this.#headLogits(parameters, x));
    const [count] = x.shape;
    const common = (this.#clusters[0] as Cluster).end;
    const clusters = this.#clusters.slice(1).map((_, c) => {
      const own = tf.logSoftmax(this.#clusterLogits(parameters, x, c + 1));
      return tf.add(own, tf.slice(head, [0, common + c], [count, 1])) as tf.Tensor2D;
    });
    return tf.concat2d([tf.slice(head, [0, 0], [count, common]), ...clusters], 1);
  }

  /** Of the most frequent words, then of the clusters. */
  #headLogits(parameters: Parameters, x: tf.Tensor2D): tf.Tensor2D {
    const words = table(parameters, 'words0');
    const head = this.#clusters.length > 1 ? tf.concat2d([words, table(parameters, 'clusters')], 0) : words;
    return tf.matMul(x, head, false, true);
  }

  #clusterLogits(parameters: Parameters, x: tf.Tensor2D, i: number): tf.Tensor2D {
    const narrow = tf.matMul(x, table(parameters, `projection${i}`), false, true);
    return tf.matMul(narrow, table(parameters, `words${i}`), false, true);
  }

  /**
   * Sorts rows by the cluster of their word.
   * @returns rows of each cluster, and where each row has come to when these stand one after the other, (N)
   */
  #sorted(words: ArrayLike<number>): { rows: number[][]; places: tf.Tensor1D } {
    const rows: number[][] = this.#clusters.map(() => []);
    for (let row = 0; row < words.length; row++) {
      const word = words[row] as number;
      if (!(word >= 0 && word < this.#words)) throw new RangeError(`word ${word} of a vocabulary of ${this.#words}`);
      rows[this.#clusters.findIndex(({ end }) => word < end)]?.push(row);
    }
    const places = new Int32Array(words.length);
    for (const [place, row] of rows.flat().entries()) places[row] = place;
    return { rows, places: tf.tensor1d(places, 'int32') };
  }
}

function table(parameters: Parameters, name: string): tf.Tensor2D {
  return parameters[name] as tf.Tensor2D;
}
