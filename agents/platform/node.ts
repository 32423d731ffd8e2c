import { readFile } from 'node:fs/promises';
import { loadTensorFlow } from '../kernels/backend.ts';
import { type Kernels, selectKernels } from '../kernels/index.ts';
import { UserError } from '../user-error.ts';

/*
 * What an agent needs of the machine, in Node. browser.ts has the same for browsers; package.json's "imports" say which
 * of them "#platform" is.
 */

/**
 * A file's bytes; undefined where there is none.
 * Rejects with a UserError where it cannot be read: without rights, a folder, a failing disk.
 */
export async function read(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    const mend = code === 'EISDIR' ? 'it is a folder, not a file' : 'check its rights and the disk';
    throw new UserError(`cannot read ${path} (${code ?? message}); ${mend}`, { cause: error });
  }
}

/** What computes: the project's TensorFlow, loaded if it is not yet. Rejects as {@link loadTensorFlow} does. */
export async function kernels(): Promise<Kernels> {
  await loadTensorFlow();
  return selectKernels('auto');
}
