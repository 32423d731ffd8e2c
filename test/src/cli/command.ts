import { execFile, spawn } from 'node:child_process';

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

type Name =
  'conformance' | 'curve' | 'export' | 'figures' | 'games' | 'play' | 'ppo' | 'report' | 'tables' | 'task' | 'view';

/** Runs a command of src/cli, as its npm script does. */
export function run(name: Name, ...args: string[]): Promise<Outcome> {
  return runIn(process.cwd(), name, ...args);
}

/** The same in another folder. */
export function runIn(cwd: string, name: Name, ...args: string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(process.execPath, nodeArguments(name, args), { cwd }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, stdout, stderr }),
    );
  });
}

/** The same, with a Ctrl-C as soon as stdout holds the text. */
export async function runAndInterrupt(
  { text, cwd = process.cwd() }: { text: string; cwd?: string },
  name: Name,
  ...args: string[]
): Promise<Outcome> {
  const child = spawn(process.execPath, nodeArguments(name, args), { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (piece: string) => {
    const before = stdout.includes(text);
    stdout += piece;
    if (!before && stdout.includes(text)) child.kill('SIGINT');
  });
  child.stderr.setEncoding('utf8').on('data', (piece: string) => (stderr += piece));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code: code ?? -1, stdout, stderr };
}

/** What Node is given for that. */
export function nodeArguments(name: Name, args: readonly string[]): string[] {
  const file = new URL(`../../../src/cli/${name}.ts`, import.meta.url).pathname;
  return ['--import', import.meta.resolve('tsx'), file, ...args];
}
