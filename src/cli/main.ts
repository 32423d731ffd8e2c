import { Command, CommanderError } from 'commander';
import { isUserError } from '../errors.ts';
import { quoted } from '../text/words.ts';

/**
 * Runs a command and ends the process with 0 if all went well, with 2 and one line if it is for the user to mend, with
 * 1 and the stack if it is a fault of ours.
 */
export async function runCommand(main: () => Promise<void>): Promise<void> {
  process.on('uncaughtException', fail);
  process.stdout.on('error', (error: NodeJS.ErrnoException) =>
    // EPIPE of a pipe, EIO of a terminal that was closed.
    error.code === 'EPIPE' || error.code === 'EIO' ? readerLeft() : fail(error),
  );
  try {
    await main();
  } catch (error) {
    fail(error);
  }
}

/**
 * Milliseconds within which two signals are one Ctrl-C: the terminal sends it to npm
 * and to us, and npm may pass its own on.
 */
const sameKeystroke = 500;

/**
 * Calls `stop` at the first Ctrl-C (or SIGTERM), so that the command can save and end; a second one ends the process at
 * once. A terminal that is closed (SIGHUP) asks only to stop, for nobody waits there: what is done must be saved.
 * @returns a function that takes the handlers off again
 */
export function onInterrupt(stop: () => void): () => void {
  let askedAt: number | undefined;
  const ask = (): void => {
    if (askedAt !== undefined) return;
    askedAt = performance.now();
    stop();
  };
  const askOrEnd = (): void => {
    if (askedAt !== undefined && performance.now() - askedAt > sameKeystroke) process.exit(130);
    ask();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, askOrEnd);
  process.on('SIGHUP', ask);
  return () => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, askOrEnd);
    process.off('SIGHUP', ask);
  };
}

/**
 * A reader that has seen enough, such as `head`, is no error: a command that can be interrupted is asked to
 * stop, just as by SIGHUP; any other ends.
 */
function readerLeft(): void {
  if (!process.emit('SIGHUP')) process.exit(0);
}

/**
 * A command whose mistaken flags become errors that {@link runCommand} prints in one line. `npm run NAME --` stands in
 * its help; a name may go on after the dashes itself, as in `task -- copying`.
 */
export function command(name: string, description: string): Command {
  return new Command(name.includes(' -- ') ? `npm run ${name}` : `npm run ${name} --`)
    .description(description)
    .exitOverride()
    .configureOutput({ outputError: () => undefined })
    .showSuggestionAfterError();
}

/** What was typed, as it can be typed again. @param name of the command */
export function typed(name: string): string {
  return [`npm run ${name} --`, ...process.argv.slice(2).map(quoted)].join(' ');
}

/** Says in one line what is for the user to mend. The process will end with 2, and may do what is left before. */
export function complain(message: string): void {
  process.stderr.write(`error: ${message}\n`);
  process.exitCode = 2;
}

function fail(error: unknown): never {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) process.exit(0);
    const message = error.message.replace(/^error: /, '').replaceAll('\n', ' ');
    complain(`${message}${message.includes('Did you mean') ? '' : ' (--help lists all flags)'}`);
    process.exit();
  }
  if (isUserError(error)) {
    complain(error.message);
    process.exit();
  }
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
}
