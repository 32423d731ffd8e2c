import { refuseUnusedCore } from '../core-settings.ts';
import { UserError } from '../errors.ts';
import { withPreset } from '../ppo/atari-settings.ts';
import { ppoOptions } from '../ppo/config.ts';
import { refuseUnused } from '../ppo/environments.ts';
import { newSession, resumedSession } from '../ppo/session.ts';
import { createView } from '../view/index.ts';
import { runTitle } from '../view/words.ts';
import { addFlags, parse, resolve } from './flags.ts';
import { command, onInterrupt, runCommand } from './main.ts';

await runCommand(async () => {
  const parser = addFlags(
    command('ppo', 'Trains a recurrent policy by PPO and leaves all that happened in a run folder.'),
    ppoOptions,
  )
    .option('--run <dir>', 'folder of the run, new or empty (default runs/<game>-<core>-s<seed>-<time>)')
    .option('--resume <dir>', 'go on with the run in this folder from its last checkpoint');
  const { run, resume, ...given } = parse(parser, process.argv.slice(2)) as Record<string, unknown> & {
    run?: string;
    resume?: string;
  };
  if (run !== undefined && resume !== undefined)
    throw new UserError(
      '--run begins a run and --resume goes on with one: give one of them (a resumed run stays in its folder)',
    );

  const options = resolve(ppoOptions, withPreset(given));
  if (resume === undefined) {
    refuseUnused(given, options.game);
    refuseUnusedCore(given, options);
  }
  const session =
    resume === undefined
      ? await newSession(options, ['npm run ppo --', ...process.argv.slice(2)].join(' '), run)
      : await resumedSession(resume, given);
  const { path, agentStep, options: settings } = session;
  const view = createView({ title: runTitle(settings), path, totalSteps: settings.steps, agentStep });
  const stop = new AbortController();
  const forget = onInterrupt(() => {
    stop.abort();
    view.message('finishing this update, then saving; Ctrl-C again stops at once');
  });
  try {
    const progress = await session.train({ report: (progress) => view.update(progress), signal: stop.signal });
    view.close();
    view.summary({ finished: progress.agentStep >= settings.steps });
  } finally {
    view.close();
    forget();
    await session.close();
  }
});
