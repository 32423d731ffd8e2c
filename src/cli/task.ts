import { refuseUnusedCore } from '../core-settings.ts';
import { UserError } from '../errors.ts';
import { newTaskSession } from '../tasks/session.ts';
import { tasks } from '../tasks/index.ts';
import type { TrainingSettings } from '../tasks/settings.ts';
import { parse, addFlags, resolve } from './flags.ts';
import { command, onInterrupt, runCommand } from './main.ts';

await runCommand(async () => {
  const [name] = process.argv.slice(2);
  const task = tasks.find((one) => one.name === name);
  if (!task) throw new UserError('which');
  const parser = addFlags(command(`task -- ${task.name}`, task.summary), task.settings).option('--run <dir>', 'x');
  const { run, ...given } = parse(parser, process.argv.slice(3)) as { run?: string } & Record<string, unknown>;
  const settings = resolve(task.settings, given) as TrainingSettings;
  refuseUnusedCore(given, settings);
  const session = await newTaskSession(task, settings, process.argv.join(' '), run);
  const stop = new AbortController();
  onInterrupt(() => stop.abort());
  const { result } = await session.train({
    report: (p) => console.log(JSON.stringify(p)),
    signal: stop.signal,
  });
  console.log(JSON.stringify(result));
  session.close();
});
