import { read } from '#platform';
import { UserError } from '../user-error.ts';
import { damaged } from './damaged.ts';
import { bundleFiles } from './files.ts';
import { type Bundle, readBundle } from './read-bundle.ts';

/**
 * Reads an agent from where it lies.
 * @param path folder of a bundle or of a run; in a browser its URL
 * @throws UserError, one line, where there is none, or {@link readBundle} refuses it
 */
export async function loadBundle(path: string): Promise<Bundle> {
  const whole = path.replace(/\/+$/, '');
  for (const folder of [whole, `${whole}/agent`]) {
    const manifest = await read(`${folder}/${bundleFiles.manifest}`);
    if (manifest === undefined) continue;
    const weights = await read(`${folder}/${bundleFiles.weights}`);
    if (weights === undefined)
      throw new UserError(`${folder} has ${bundleFiles.manifest}, but no ${bundleFiles.weights}; copy both files`);
    return located(folder, () => readBundle(json(manifest), weights));
  }
  throw new UserError(`no agent in ${path}: give the folder of a run, or one with ${bundleFiles.manifest} in it`);
}

function json(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return damaged('manifest', 'it is not JSON');
  }
}

/** An error about one of the files begins with its name: here with its path. */
function located<T>(folder: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof UserError ? new UserError(`${folder}/${error.message}`, { cause: error }) : error;
  }
}
