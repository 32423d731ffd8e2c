import { createHash } from 'node:crypto';

/**
 * Names data by what they hold, wherever they lie: "MNIST, 60,000 + 10,000 images, sha256 0123456789ab".
 * @param amount how much of what there is
 * @param content all that is learned from and tested on, in order
 */
export function fingerprint(
  name: string,
  amount: string,
  content: readonly (NodeJS.ArrayBufferView | string)[],
): string {
  const hash = createHash('sha256');
  for (const part of content) hash.update(part);
  return `${name}, ${amount}, sha256 ${hash.digest('hex').slice(0, 12)}`;
}
