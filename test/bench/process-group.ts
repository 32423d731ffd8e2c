import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { finished } from 'node:stream/promises';
import { BenchError } from './bench-error.ts';

/** A program to run. */
export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** Added to the environment variables. */
  readonly env?: Readonly<Record<string, string>>;
}

/** What the caller wants to know while it runs. */
export interface Observer {
  /** Its process id, as soon as it has one. */
  readonly started?: (pid: number) => void;
  /** Each line of its standard output, when it comes. */
  readonly line?: (line: string) => void;
}

/**
 * Runs a program to its end, in a process group of its own: Ctrl-C reaches only us,
 * and we end it with all that it started.
 * @param log file that gets all it prints
 * @throws BenchError with its last words if it cannot be started or fails
 * @throws the signal's reason once that is aborted; nothing of the group runs on then
 */
export async function run(program: Program, log: string, signal: AbortSignal, observer: Observer = {}): Promise<void> {
  signal.throwIfAborted();
  const { command, args, cwd, env } = program;
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  if (child.pid !== undefined) observer.started?.(child.pid);

  const output = createWriteStream(log);
  output.on('error', () => undefined); // the log is a help; a full disk is for the program to report
  let lastWords = 'it printed nothing';
  const listen = (stream: NodeJS.ReadableStream, tell?: (line: string) => void): void => {
    stream.on('data', (bytes: Buffer) => output.write(bytes));
    createInterface({ input: stream }).on('line', (line) => {
      tell?.(line);
      lastWords = line.trim() || lastWords;
    });
  };
  listen(child.stdout, observer.line);
  listen(child.stderr);

  const end = (): void => endGroup(child.pid);
  signal.addEventListener('abort', end);
  process.on('exit', end);
  try {
    const how = await new Promise<string | undefined>((resolve, reject) => {
      child.on('error', (error) => reject(new BenchError(`cannot start ${command}: ${error.message}`)));
      child.on('close', (code, killer) =>
        resolve(code === 0 ? undefined : code === null ? `${killer}` : `exit code ${code}`),
      );
    });
    signal.throwIfAborted();
    if (how !== undefined) throw new BenchError(`ended with ${how}: ${lastWords}`);
  } finally {
    signal.removeEventListener('abort', end);
    process.off('exit', end);
    end(); // whatever it left behind
    output.end();
    await finished(output).catch(() => undefined);
  }
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // None of the group is left.
  }
}
