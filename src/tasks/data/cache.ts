import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { UserError } from '../../errors.ts';

// The set-up owns the cache and runs without anything installed: it is run, not imported.
const script = fileURLToPath(new URL('../../../setup/data.mjs', import.meta.url));

/** The user's cache folder, where a data set that cannot be fetched may be put by hand. */
export function cacheFolder(): Promise<string> {
  return askSetUp([]);
}

/**
 * The folder of a data set in the user's cache. It is fetched when first asked for, which shows its progress on the
 * error stream; afterwards it is there.
 * @throws UserError where it cannot be fetched, with the mend
 */
export function fetchedFolder(name: 'mnist' | 'moby-dick'): Promise<string> {
  return askSetUp([name]);
}

async function askSetUp(args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text));
  const ended = await new Promise<string>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(signal ?? `code ${code}`));
  });
  const line = printed.trim();
  if (line === '') throw new UserError(`fetching data ended (${ended}) before it was done; start the command again`);
  const { folder, problem } = JSON.parse(line) as { folder?: string; problem?: string };
  if (folder === undefined) throw new UserError(problem ?? `fetching data failed (${ended}); start the command again`);
  return folder;
}
