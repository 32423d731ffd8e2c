import { type AleModule, loadAle } from 'ale-wasm';

let loading: Promise<AleModule> | undefined;

/**
 * ALE, compiled at the first call and kept: environments in one thread share its code.
 * @throws AleError where the build is missing or damaged
 */
export async function sharedAle(): Promise<AleModule> {
  loading ??= loadAle();
  try {
    return await loading;
  } catch (error) {
    loading = undefined; // the build may be mended meanwhile
    throw error;
  }
}
