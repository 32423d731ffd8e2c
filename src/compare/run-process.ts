import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** How a process of a run ended. */
export interface Ending {
  /** All went well; a run that was asked to stop has saved. */
  readonly ok: boolean;
  /** What it said last of what went wrong, in one line; '' where it said nothing. */
  readonly said: string;
}

const entry = fileURLToPath(new URL('../cli/ppo.ts', import.meta.url));
/** Characters of what it says that are kept. */
const kept = 10_000;

/**
 * Runs `npm run ppo -- ...` in a process of its own, which no Ctrl-C of the terminal reaches: once `signal` is aborted
 * it is asked to stop after its update, with a checkpoint. It is killed where this process exits before it; should this
 * process be killed, the run notices at its next line, and stops with a checkpoint.
 */
export function runPpo(flags: readonly string[], signal: AbortSignal): Promise<Ending> {
  return new Promise((resolve) => {
    const args = ['--import', import.meta.resolve('tsx'), entry, ...flags];
    const child = spawn(process.execPath, args, { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    let [stderr, failure] = ['', ''];
    child.stdout.resume();
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr = `${stderr}${text}`.slice(-kept)));
    const stop = (): void => void child.kill('SIGINT');
    const kill = (): void => void child.kill('SIGKILL');
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    process.on('exit', kill);
    child.on('error', (error) => (failure = error.message));
    child.on('close', (code, killedBy) => {
      signal.removeEventListener('abort', stop);
      process.off('exit', kill);
      resolve({ ok: code === 0, said: failure || wrong(stderr) || (killedBy ? `killed by ${killedBy}` : '') });
    });
  });
}

/** The line that says what went wrong: a command's own, or the message above a stack. */
function wrong(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  const found = lines.findLast((line) => /^\w*error: /i.test(line)) ?? lines.at(-1) ?? '';
  return found.replace(/^error: /, '').trim();
}
