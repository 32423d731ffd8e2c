import { once } from 'node:events';
import { UserError } from '../errors.ts';
import { servePage } from '../play/server.ts';
import { command, onInterrupt, runCommand } from './main.ts';

await runCommand(async () => {
  const program = command('play', 'Serves a page on which an agent plays its game of Atari, in your browser.')
    .argument('<path>', 'folder of a run or of a bundle')
    .option('--port <n>', 'port of the page on this machine, 0 for any', port, 8080)
    .parse();
  const { address, close } = await servePage(program.args[0] as string, program.opts<{ port: number }>().port);
  const stop = new AbortController();
  const forget = onInterrupt(() => stop.abort());
  process.stdout.write(`Open ${address} in a browser; Ctrl-C ends it\n`);
  await once(stop.signal, 'abort');
  forget();
  await close();
});

function port(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > 65_535) throw new UserError(`--port ${text}: must be a whole number, 0 to 65535`);
  return value;
}
