import { memoryTasks } from '../../envs/memory/index.ts';
import { refuseUnusedCore } from '../settings/core-settings.ts';
import { UserError } from '../errors.ts';
import type { TaskResult } from '../runs/task-lines.ts';
import { tasks } from '../tasks/index.ts';
import type { TaskSession } from '../tasks/session.ts'; // its code, all of tfjs, is loaded when something is trained
import type { ResolvedSettings, TrainingSettings } from '../tasks/settings.ts';
import type { Task } from '../tasks/task.ts';
import { seedsTable } from '../tasks/words.ts';
import { summaryLines } from '../text/columns.ts';
import type { TaskProgress } from '../tasks/progress.ts';
import { TaskView } from '../view/task-view.ts';
import { duration, quoted } from '../text/words.ts';
import { checked } from '../settings/checked.ts';
import { addFlags, parse } from './flags.ts';
import { command, onInterrupt, runCommand, typed } from './main.ts';
import { addRunFlags, checkRunFlags, type RunFlags, trainSeeds } from './run-flags.ts';

type Given = RunFlags & { readonly json?: boolean } & Readonly<Record<string, unknown>>;

/** What is finished after the first Ctrl-C. */
const stopping = {
  update: 'finishing this update, then saving',
  evaluation: 'finishing this evaluation, then saving',
  test: 'finishing the test on this set; --resume tests again, on all',
};

await runCommand(async () => {
  const [name = '', ...args] = process.argv.slice(2);
  if (name === 'list') return list(args);
  const task = tasks.find((one) => one.name === name);
  if (task) return train(task, args);
  if (name === '')
    throw new UserError(
      `name a task: ${tasks.map((one) => one.name).join(', ')} (npm run task -- list tells what they are)`,
    );
  if (name.startsWith('-')) {
    command(
      'task',
      `Trains a network on a sequence task of the RIM and BRIM papers.\n\n${summaryLines(tasks).join('\n')}`,
    )
      .argument('<task>', 'one of these, or list; npm run task -- <task> --help lists its settings')
      .parse();
  }
  if (memoryTasks.some((one) => one.name.toLowerCase() === name.toLowerCase()))
    throw new UserError(`${name} is learned by PPO: npm run ppo -- --game ${name} --core rim`);
  throw new UserError(`unknown task ${JSON.stringify(name)}; take one of ${tasks.map((one) => one.name).join(', ')}`);
});

function list(args: readonly string[]): void {
  const { json } = command('task -- list', 'Lists the sequence tasks.')
    .option('--json', 'as JSON')
    .parse(args, { from: 'user' })
    .opts<{ json?: boolean }>();
  const start = (name: string): string => `npm run task -- ${name} --core rim`;
  const listed = [
    ...tasks.map(({ name, summary }) => ({ name, summary, command: start(name) })),
    ...memoryTasks.map(({ name, summary }) => ({ name, summary, command: `npm run ppo -- --game ${name} --core rim` })),
  ];
  const text = [
    ...[start('NAME'), ...summaryLines(tasks), ''],
    ...['npm run ppo -- --game NAME --core rim (by PPO, as Atari)', ...summaryLines(memoryTasks)],
  ];
  process.stdout.write(`${json ? JSON.stringify(listed, null, 2) : text.join('\n')}\n`);
}

async function train(task: Task, args: readonly string[]): Promise<void> {
  const parser = addRunFlags(
    addFlags(command(`task -- ${task.name}`, `${task.name}: ${task.summary}.`), task.settings),
    'runs/<task>-<core>-s<seed>-<time>',
  ).option('--json', 'print the result as JSON, and no progress');
  const { run, resume, seeds, json, ...given } = parse(parser, args) as Given;
  checkRunFlags({ run, resume, seeds });
  const stop = new AbortController();
  const forget = onInterrupt(() => stop.abort());
  try {
    if (resume !== undefined) {
      checked(task.settings, given);
      const { resumedTaskSession } = await import('../tasks/session.ts');
      const trained = await trainOne(task, await resumedTaskSession(task, resume, given), stop.signal, json);
      if (json) printJson(trained);
      return;
    }
    const settings = checked(task.settings, given) as unknown as TrainingSettings;
    refuseUnusedCore(given, settings);
    const { newTaskSession } = await import('../tasks/session.ts');
    const trained: Trained[] = [];
    const left = await trainSeeds(settings.seed, seeds, stop.signal, {
      begin: (seed) => newTaskSession(task, { ...settings, seed }, typed('task'), run),
      train: async (session) => void trained.push(await trainOne(task, session, stop.signal, json)),
    });
    if (left !== undefined && !json) process.stdout.write(`${left}\n`);
    const results = trained.flatMap(({ result }) => result ?? []);
    if (json) printJson(seeds === undefined || seeds === 1 ? trained[0] : trained);
    else if (results.length > 1) process.stdout.write(`\n${seedsTable(results)}\n`);
  } finally {
    forget();
  }
}

/** What a run has come to; no result if it was stopped. */
interface Trained {
  readonly path: string;
  readonly settings: ResolvedSettings;
  readonly result: TaskResult | undefined;
}

/** A run, or several in a list: folder, settings, and the result's fields. */
function printJson(trained: Trained | readonly Trained[] | undefined): void {
  const flat = ({ result, ...run }: Trained): object => ({ ...run, ...result });
  const told = trained && ('path' in trained ? flat(trained) : trained.map(flat));
  process.stdout.write(`${JSON.stringify(told, null, 2)}\n`);
}

/** Trains one run with a view of it. */
async function trainOne(task: Task, session: TaskSession, signal: AbortSignal, json = false): Promise<Trained> {
  const { path, note, settings, deciding } = session;
  const title = `${task.name} · ${settings.core} · seed ${settings.seed}`;
  const view = new TaskView({ title, path, deciding });
  let underWay: TaskProgress['sets'];
  const say = (): void => view.message(`${stopping[underWay?.of ?? 'update']}; Ctrl-C again stops at once`);
  if (!json) signal.addEventListener('abort', say, { once: true });
  try {
    if (note !== undefined && !json) view.message(note);
    const { progress, result } = await session.train({
      report: (told) => {
        underWay = told.sets;
        if (!json) view.update(told);
      },
      signal,
    });
    if (!json)
      view.print([
        '',
        `${result ? 'Done' : 'Stopped and saved'}: ${progress.update} updates in ${duration(progress.seconds)}` +
          (result?.ended === 'patience' ? ` (no better for ${settings.patience} evaluations)` : ''),
        ...(result ? [seedsTable([result])] : []),
        `Everything is in ${path}`,
        result
          ? 'Beside the published figures:  npm run tables'
          : `Go on:  npm run task -- ${task.name} --resume ${quoted(path)}`,
      ]);
    return { path, settings, result };
  } finally {
    signal.removeEventListener('abort', say);
    view.close();
    session.close();
  }
}
