import { readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { pino, type Logger } from 'pino';
import { UserError } from '../errors.ts';
import { AppendFile } from './append-file.ts';
import { claim, release } from './claim.ts';
import type { FoundCheckpoint } from './checkpoint.ts';
import { describeRun, describeStart, sealedConfig } from './config.ts';
import { makeFolder, onDisk, readFile, removeEmptyFolders, replaceFile } from './disk.ts';
import { fileNames, logMessages } from './file-names.ts';
import { putBack, sealOf, writeSealed } from './sealed-file.ts';
import { writeHeader, writeScalars } from './tensorboard.ts';

/** A run's files, opened: those of lines by name, then events and log. */
interface OpenedFiles<Name extends string> {
  readonly path: string;
  /** When the run began, by config.json. */
  readonly created: string;
  readonly names: readonly Name[];
  readonly files: readonly AppendFile[];
}

/** A run as it is needed to go on with it. */
interface Resumable {
  readonly path: string;
  readonly config: { readonly created: string; readonly options: Record<string, unknown> };
  /** None if the run was killed before it had one: it begins where it was to begin. */
  readonly found: FoundCheckpoint<{ readonly fileLengths: Readonly<Record<string, number>> }> | undefined;
}

/**
 * What every run folder is made of, whatever is trained in it: a claim, so that one process alone writes it;
 * config.json; files of lines that grow; events for TensorBoard; a log; a checkpoint. Lines and events reach the disk
 * by {@link RunFiles.flush}, log lines at once. The files that grow, but for the log, are cut back when a run is
 * resumed. Every method throws UserError where the disk is full or not writable.
 */
export abstract class RunFiles<Name extends string, State extends object> {
  readonly path: string;
  /** Writes log.jsonl. */
  readonly log: Logger;
  readonly #lines: Readonly<Record<Name, AppendFile>>;
  readonly #events: AppendFile;
  readonly #logFile: AppendFile;
  readonly #created: string;

  /** @param opened by {@link RunFiles.begin} or {@link RunFiles.goOn} */
  protected constructor({ path, created, names, files }: OpenedFiles<Name>) {
    this.path = path;
    this.#created = created;
    this.#lines = Object.fromEntries(names.map((name, i) => [name, files[i]])) as Record<Name, AppendFile>;
    const [events, log] = files.slice(names.length) as [AppendFile, AppendFile];
    [this.#events, this.#logFile] = [events, log];
    const write = (line: string): void => {
      log.append(line);
      log.flush();
    };
    const formatters = { level: (label: string) => ({ level: label }) };
    this.log = pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters }, { write });
  }

  /**
   * Begins a new run. Makes the folder, and its parents where they lack.
   * @param names of the files of lines @param settings become config.json
   * @throws UserError if the folder holds something already or cannot be written; nothing is left behind then
   */
  protected static begin<Name extends string, Run extends RunFiles<Name, never>>(
    path: string,
    names: readonly Name[],
    settings: Parameters<typeof describeRun>[0],
    make: (opened: OpenedFiles<Name>) => Run,
  ): Run {
    const made = makeFolder(path);
    try {
      return claimEmptyFolder(path, () => {
        makeFolder(join(path, dirname(fileNames.events)));
        const files = openAll([...names, fileNames.events, fileNames.log], (name) =>
          AppendFile.create(join(path, name)),
        );
        return orClose(files, () => {
          const config = describeRun(settings, new Date());
          const run = make({ path, created: config.created, names, files });
          run.#beginEvents();
          run.#writeConfig(config);
          return run;
        });
      });
    } catch (error) {
      removeEmptyFolders(made);
      throw error;
    }
  }

  /**
   * Goes on with a run: drops the lines and events after its checkpoint, puts that into the place of a newer one that
   * is damaged, and the options that hold from now on into config.json. The log loses no whole line, and gets one that
   * names the options which changed, and versions and processor of this start.
   * @param names of the files of lines @param start options and versions that hold from now on
   * @param told where the checkpoint is, for the log @param mend what else is to be put right first in the folder
   * @throws UserError if a file that grows is missing, or shorter than the checkpoint says, or if the run is still
   *   going or went on since it was read; nothing is changed then
   */
  protected static goOn<Name extends string, Run extends RunFiles<Name, never>>(
    { path, config, found }: Resumable,
    names: readonly Name[],
    { options, versions }: Pick<Parameters<typeof describeRun>[0], 'options' | 'versions'>,
    told: object,
    make: (opened: OpenedFiles<Name>) => Run,
    mend: () => void = () => {},
  ): Run {
    const claimed = join(path, fileNames.claim);
    claim(claimed);
    try {
      requireUnchanged(path, found);
      const files = openAll([...names, fileNames.events, fileNames.log], (name) => AppendFile.open(join(path, name)));
      return orClose(files, () => {
        const run = make({ path, created: config.created, names, files });
        const { fileLengths } = found?.content ?? { fileLengths: {} };
        // Every length is checked before any file is cut.
        for (const [name, file] of run.#growing()) file.expect(fileLengths[name] ?? 0);
        for (const [name, file] of run.#growing()) file.cutBack(fileLengths[name] ?? 0);
        run.#logFile.cutBack(readFile(run.#logFile.path).lastIndexOf('\n') + 1);
        if (run.#events.length === 0) run.#beginEvents();
        if (found?.note !== undefined) putBack(join(path, fileNames.checkpoint));
        mend();
        const changed = changes(config.options, options);
        if (Object.keys(changed).length > 0) run.#writeConfig({ ...config, options });
        if (found?.note !== undefined) run.log.warn(found.note);
        run.log.info({ ...told, changed, ...describeStart(versions) }, logMessages.resumed);
        return run;
      });
    } catch (error) {
      release(claimed);
      throw error;
    }
  }

  /** Writes what was noted since the last flush. */
  flush(): void {
    for (const [, file] of this.#growing()) file.flush();
  }

  /** Replaces checkpoint.msgpack and keeps the one before, after all that was noted is safely on the disk. */
  saveCheckpoint(state: State): void {
    for (const [, file] of this.#growing()) file.sync();
    const fileLengths = Object.fromEntries(this.#growing().map(([name, file]) => [name, file.length]));
    writeSealed(join(this.path, fileNames.checkpoint), { ...state, fileLengths, created: this.#created });
  }

  /** Flushes and closes. The folder takes nothing afterwards. */
  close(): void {
    try {
      this.flush();
    } finally {
      for (const [, file] of this.#growing()) file.close();
      this.#logFile.close();
      release(join(this.path, fileNames.claim));
    }
  }

  /** Adds a line of JSON. */
  protected line(name: Name, value: object): void {
    this.#lines[name].append(`${JSON.stringify(value)}\n`);
  }

  /** An event with every finite number within the values, under their names joined by "/". */
  protected scalars(step: number, values: object): void {
    writeScalars(this.#events, step, Date.now() / 1000, scalars(values));
  }

  #writeConfig(config: object): void {
    replaceFile(join(this.path, fileNames.config), [`${JSON.stringify(sealedConfig(config), null, 2)}\n`]);
  }

  #beginEvents(): void {
    writeHeader(this.#events, Date.now() / 1000);
    this.#events.flush();
  }

  /** The files that are cut back when the run is resumed. */
  #growing(): [string, AppendFile][] {
    return [...Object.entries<AppendFile>(this.#lines), [fileNames.events, this.#events]];
  }
}

/** Opens all, or, if one cannot be opened, none. */
function openAll(names: readonly string[], open: (name: string) => AppendFile): AppendFile[] {
  const opened: AppendFile[] = [];
  try {
    for (const name of names) opened.push(open(name));
    return opened;
  } catch (error) {
    for (const file of opened) file.close();
    throw error;
  }
}

/** Does what is left of opening a folder; if that fails, its files are closed. */
function orClose<T>(files: readonly AppendFile[], work: () => T): T {
  try {
    return work();
  } catch (error) {
    for (const file of files) file.close();
    throw error;
  }
}

/**
 * Does `work` in a folder that this process alone writes: it is claimed first, and empty otherwise. If `work` fails,
 * all that it has put there is removed again, and the claim.
 */
function claimEmptyFolder<T>(path: string, work: () => T): T {
  const claimed = join(path, fileNames.claim);
  const others = (): string[] => readdirSync(path).filter((name) => name !== fileNames.claim);
  claim(claimed);
  try {
    if (onDisk(`read ${path}`, others).length > 0)
      throw new UserError(
        `${path} is not empty; go on with its run by --resume ${path}, or choose another folder with --run`,
      );
    try {
      return work();
    } catch (error) {
      for (const name of others()) rmSync(join(path, name), { recursive: true });
      throw error;
    }
  } catch (error) {
    release(claimed);
    throw error;
  }
}

/** @throws UserError if another process has gone on with the run since its checkpoint was found */
function requireUnchanged(path: string, found: Resumable['found']): void {
  const file = found?.file ?? join(path, fileNames.checkpoint);
  if (sealOf(file) !== found?.sha256)
    throw new UserError(`another process has just gone on with ${path}; look how far it is, and try again`);
}

/** The options that differ, each as [before, now]. */
function changes(before: Record<string, unknown>, now: Record<string, unknown>): Record<string, [unknown, unknown]> {
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])].filter(
    (name) => !isDeepStrictEqual(before[name], now[name]),
  );
  return Object.fromEntries(names.map((name) => [name, [before[name], now[name]]]));
}

/** All finite numbers within a value, with their names: `{ memory: { rss: 1 } }` gives `['memory/rss', 1]`. */
function scalars(value: unknown, name = ''): [string, number][] {
  if (typeof value === 'number') return Number.isFinite(value) ? [[name, value]] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => scalars(part, name ? `${name}/${key}` : key));
}
