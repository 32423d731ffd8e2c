import { ppoOptions } from '../ppo/config.ts';
import { optionsOfGiven } from '../ppo/given-options.ts';
import { newSession, resumedSession, type Session } from '../ppo/session.ts';
import { RunView } from '../view/run-view.ts';
import { runTitle } from '../text/words.ts';
import { checked } from '../settings/checked.ts';
import { addFlags, parse } from './flags.ts';
import { command, onInterrupt, runCommand, typed } from './main.ts';
import { addRunFlags, checkRunFlags, type RunFlags, trainSeeds } from './run-flags.ts';

await runCommand(async () => {
  const parser = addRunFlags(
    addFlags(
      command('ppo', 'Trains a recurrent policy by PPO and leaves all that happened in a run folder.'),
      ppoOptions,
    ),
    'runs/<game>-<core>-s<seed>-<time>',
  );
  const { run, resume, seeds, ...given } = parse(parser, process.argv.slice(2)) as RunFlags & Record<string, unknown>;
  checkRunFlags({ run, resume, seeds });
  const stop = new AbortController();
  const forget = onInterrupt(() => stop.abort());
  try {
    if (resume !== undefined) {
      checked(ppoOptions, given);
      return await train(await resumedSession(resume, given), stop.signal);
    }
    const options = optionsOfGiven(given);
    const left = await trainSeeds(options.seed, seeds, stop.signal, {
      begin: (seed) => newSession({ ...options, seed }, typed('ppo'), run),
      train: (session) => train(session, stop.signal),
    });
    if (left !== undefined) process.stdout.write(`${left}\n`);
  } finally {
    forget();
  }
});

/** Trains one run with a view of it. */
async function train(session: Session, signal: AbortSignal): Promise<void> {
  const { path, note, agentStep, options } = session;
  const view = new RunView({ title: runTitle(options), path, totalSteps: options.steps, agentStep });
  const say = (): void => view.message('finishing this update, then saving; Ctrl-C again stops at once');
  signal.addEventListener('abort', say, { once: true });
  try {
    if (note !== undefined) view.message(note);
    const progress = await session.train({ report: (progress) => view.update(progress), signal });
    view.close();
    view.summary({ finished: progress.agentStep >= options.steps });
  } finally {
    signal.removeEventListener('abort', say);
    view.close();
    await session.close();
  }
}
