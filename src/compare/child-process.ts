import { type ChildProcess, spawn } from 'node:child_process';
import { setMaxListeners } from 'node:events';
import { fileURLToPath } from 'node:url';

/** How a process ended. */
export interface Ending {
  /** All went well; what was asked to stop has saved what it had. */
  readonly ok: boolean;
  /** The signal that ended it where it did not end by itself: one that was asked to stop before it could save. */
  readonly killedBy?: NodeJS.Signals;
  /** What it said last of what went wrong, in one line; '' where it said nothing. */
  readonly said: string;
}

const entry = (name: string): string => fileURLToPath(new URL(`../cli/${name}.ts`, import.meta.url));
/** Those that are running; none outlives this process. */
const going = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of going) child.kill('SIGKILL');
});

/** Characters of what it says that are kept. */
const kept = 10_000;

/**
 * Runs a command of ours, as `npm run ...` does, in a process of its own, which no Ctrl-C of the terminal reaches: once
 * `signal` is aborted it is asked to stop. It is killed where this process exits before it; should this process be
 * killed, it notices when it next prints a line, and stops as if it were asked to.
 */
export function runCommandInChild(
  name: 'ppo' | 'evaluate',
  args: readonly string[],
  signal: AbortSignal,
): Promise<Ending> {
  return new Promise((resolve) => {
    const all = ['--import', import.meta.resolve('tsx'), entry(name), ...args];
    const child = spawn(process.execPath, all, { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    let [stderr, failure] = ['', ''];
    child.stdout.resume();
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr = `${stderr}${text}`.slice(-kept)));
    const stop = (): void => void child.kill('SIGINT');
    going.add(child);
    if (signal.aborted) stop();
    setMaxListeners(0, signal); // as many as there are children
    signal.addEventListener('abort', stop, { once: true });
    child.on('error', (error) => (failure = error.message));
    child.on('close', (code, killedBy) => {
      signal.removeEventListener('abort', stop);
      going.delete(child);
      const said = failure || wrong(stderr) || (killedBy ? `killed by ${killedBy}` : '');
      resolve({ ok: code === 0, ...(killedBy && { killedBy }), said });
    });
  });
}

/** The line that says what went wrong: a command's own, or the message above a stack. */
function wrong(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  const found = lines.findLast((line) => /^\w*error: /i.test(line)) ?? lines.at(-1) ?? '';
  return found.replace(/^error: /, '').trim();
}
