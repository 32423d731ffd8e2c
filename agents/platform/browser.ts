import * as tf from '@tensorflow/tfjs';
import type { Kernels } from '../kernels/index.ts';
import { portableKernels } from '../kernels/portable/index.ts';
import { UserError } from '../user-error.ts';

/*
 * What an agent needs of the machine, in browsers; node.ts has the same for Node.
 */

/**
 * What a URL, also one relative to the page, gives; undefined where there is nothing (status 404).
 * Rejects with a UserError where the server cannot be reached or answers with another status.
 */
export async function read(url: string): Promise<Uint8Array | undefined> {
  let reason;
  try {
    const response = await fetch(url);
    if (response.ok) return new Uint8Array(await response.arrayBuffer());
    if (response.status === 404) return undefined;
    reason = `status ${response.status}`;
  } catch (error) {
    reason = error instanceof Error ? error.message : String(error);
  }
  throw new UserError(`cannot read ${url} (${reason}); check the address and what the server allows`);
}

/** What computes: plain operations of tfjs, on the backend that the page has chosen, or else that tfjs chooses. */
export async function kernels(): Promise<Kernels> {
  await tf.ready();
  return portableKernels;
}
