import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as eventLoopTurn, setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../../agents/random.ts';
import { fileNames } from '../../src/runs/file-names.ts';
import { readRun } from '../../src/runs/saved-run.ts';
import { readTaskRun } from '../../src/runs/task-run.ts';

/** A training: the command of src/cli, and its arguments without --run. */
export interface Training {
  readonly command: 'ppo' | 'task';
  readonly args: readonly string[];
}

/** What a process was doing when it was killed. */
export interface Kill {
  /** Updates of the checkpoint with which the run goes on; none if it was killed before its first. */
  readonly update: number | undefined;
  /** It was writing a file that is replaced whole. */
  readonly writing: boolean;
}

const program = (command: string): string => new URL(`../../src/cli/${command}.ts`, import.meta.url).pathname;

function start({ command, args }: Training, flag: '--run' | '--resume', path: string) {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  // Only the first word of a task's arguments stays when its run is resumed: the others are in its config.
  const kept = flag === '--run' ? args : command === 'task' ? args.slice(0, 1) : [];
  const child = spawn(
    process.execPath,
    ['--import', import.meta.resolve('tsx'), program(command), ...kept, flag, path],
    { env, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  return { child, ended: once(child, 'close'), said: () => said };
}

/** Trains to the end. */
export async function trainWhole(training: Training, flag: '--run' | '--resume', path: string): Promise<void> {
  const { child, ended, said } = start(training, flag, path);
  await ended;
  if (child.exitCode !== 0) throw new Error(`${training.command} ended with ${child.exitCode}: ${said()}`);
}

/** The longest pause after an update before a kill, in milliseconds: of the order of an update. */
const longestPause = 80;

/**
 * Begins a run and kills its process again and again (SIGKILL, after a random number of updates and a random pause;
 * every other time, as soon as it writes a checkpoint then), resuming it after each kill but the last.
 * @param training saves a checkpoint after every update, which gives the log a line
 * @param updates that the run makes: it is killed well before its end
 */
export async function killAgainAndAgain(
  training: Training,
  path: string,
  { kills, updates, random }: { kills: number; updates: number; random: Random },
): Promise<Kill[]> {
  const done: Kill[] = [];
  const longest = Math.max(Math.floor(updates / (kills + 1)) - 3, 1);
  while (done.length < kills) {
    const resumes = existsSync(join(path, fileNames.config));
    if (!resumes) rmSync(path, { recursive: true, force: true }); // killed before it was a run
    const before = resumes ? logLines(path) : 0;
    const begun = Date.now();
    const { child, ended, said } = start(training, resumes ? '--resume' : '--run', path);
    const lines = before + random.integer(longest);
    // One in five is killed while it starts.
    const early = random.uniform() < 0.2;
    if (!early) await until(child, () => logLines(path) > lines);
    await sleep(random.uniform() * (early ? 1000 : longestPause));
    if (done.length % 2 === 1 && !early) await until(child, () => isWriting(path, begun), eventLoopTurn);
    child.kill('SIGKILL');
    await ended;
    if (child.signalCode !== 'SIGKILL') throw new Error(`${training.command} ended with ${child.exitCode}: ${said()}`);
    done.push({ update: checkpointUpdate(training, path), writing: isWriting(path, begun) });
  }
  return done;
}

/** All that a run leaves, by file, but for times, speeds and memory, which no two runs share. */
export function leftBy({ command }: Training, path: string): Record<string, unknown> {
  const names = readdirSync(path, { recursive: true, encoding: 'utf8' }).filter((name) => !name.includes('previous'));
  const told = names.filter(
    (name) => /\.json(l)?$/.test(name) && ![fileNames.log, fileNames.config].includes(name as never),
  );
  const weights = names.filter((name) => name.endsWith('.safetensors') || name.startsWith('best-'));
  const found = command === 'ppo' ? readRun(path).found : readTaskRun(path).found;
  const { seconds: _, fileLengths: __, created: ___, ...state } = found?.content ?? ({} as never);
  return {
    ...Object.fromEntries(told.map((name) => [name, withoutMeasured(join(path, name))])),
    ...Object.fromEntries(weights.map((name) => [name, readFileSync(join(path, name)).toString('base64')])),
    // An event has as many bytes whatever its values.
    [fileNames.events]: statSync(join(path, fileNames.events)).size,
    [fileNames.checkpoint]: state,
  };
}

const measured: readonly string[] = ['seconds', 'stepsPerSecond', 'updatesPerSecond', 'stages', 'memory'];

function withoutMeasured(file: string): unknown[] {
  const texts = file.endsWith('l') ? readFileSync(file, 'utf8').trim().split('\n') : [readFileSync(file, 'utf8')];
  const dropped = (key: string, value: unknown): unknown => (measured.includes(key) ? undefined : value);
  return texts.filter((text) => text !== '').map((text) => JSON.parse(text, dropped) as unknown);
}

/** Whether a checkpoint is half written, or was when the process was killed. @param since that time; ms since 1970 */
function isWriting(path: string, since: number): boolean {
  return (statSync(join(path, `${fileNames.checkpoint}.tmp`), { throwIfNoEntry: false })?.mtimeMs ?? 0) > since;
}

function logLines(path: string): number {
  const log = join(path, fileNames.log);
  return existsSync(log) ? readFileSync(log, 'latin1').split('\n').length - 1 : 0;
}

/** Updates of the checkpoint with which a run would go on; undefined where it has none. */
export function checkpointUpdate({ command }: Training, path: string): number | undefined {
  if (!existsSync(join(path, fileNames.config))) return undefined;
  return (command === 'ppo' ? readRun(path) : readTaskRun(path)).found?.content.update;
}

/** Waits until something holds, or the process has ended. @param pause between two looks */
async function until(child: ChildProcess, holds: () => boolean, pause = () => sleep(5)): Promise<void> {
  while (child.exitCode === null && child.signalCode === null && !holds()) await pause();
}
