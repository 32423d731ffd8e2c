import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { UserError } from '../../errors.ts';

// The set-up owns the cache and runs without anything installed: it is run, not imported.
const script = fileURLToPath(new URL('../../../setup/data.mjs', import.meta.url));

/**
 * The folder of a data set in the user's cache. It is fetched when first asked for, which shows its progress on the
 * error stream; afterwards it is there.
 * @throws UserError where it cannot be fetched, with the mend
 */
export async function fetchedFolder(name: 'mnist' | 'moby-dick'): Promise<string> {
  const child = spawn(process.execPath, [script, name], { stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text));
  const ended = await new Promise<string>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(signal ?? String(code)));
  });
  const line = printed.trim();
  if (line === '') throw new UserError(`fetching ${name} ended (${ended}) before it was done; start the command again`);
  const { folder, problem } = JSON.parse(line) as { folder?: string; problem?: string };
  if (folder === undefined) throw new UserError(problem ?? `fetching ${name} failed`);
  return folder;
}
