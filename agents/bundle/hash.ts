import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex } from '@noble/hashes/utils';

/**
 * SHA-256 of the parts, one after the other, in hexadecimal. Synchronous, and without a secure context, which
 * crypto.subtle needs.
 */
export function sha256Of(...parts: readonly (string | Uint8Array)[]): string {
  const hash = sha256.create();
  for (const part of parts) hash.update(typeof part === 'string' ? new TextEncoder().encode(part) : part);
  return bytesToHex(hash.digest());
}

/** Identity of what was learned: of the tensors' bytes as they lie in the file, then the text `agentStep/update`. */
export function weightsHash(data: readonly Uint8Array[], agentStep: number, update: number): string {
  return sha256Of(...data, `${agentStep}/${update}`);
}
