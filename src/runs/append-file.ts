import { closeSync, existsSync, fstatSync, fsyncSync, ftruncateSync, openSync } from 'node:fs';
import { UserError } from '../errors.ts';
import { onDisk, writeAll } from './disk.ts';

/**
 * A file that only grows. What is appended is kept in memory until {@link AppendFile.flush}, which writes it all or,
 * if the disk is full, nothing: the file never ends in half a record unless the process is killed within the call,
 * and {@link AppendFile.cutBack} mends that.
 */
export class AppendFile {
  readonly path: string;
  readonly #file: number;
  #length: number;
  #waiting: Uint8Array[] = [];

  private constructor(path: string, flags: string) {
    this.path = path;
    this.#file = onDisk(`write ${path}`, () => openSync(path, flags));
    this.#length = fstatSync(this.#file).size;
  }

  /** Begins an empty file. Throws UserError if it exists or cannot be written. */
  static create(path: string): AppendFile {
    return new AppendFile(path, 'wx');
  }

  /** Goes on at the end of a file. Throws UserError if it is missing or cannot be written. */
  static open(path: string): AppendFile {
    if (!existsSync(path)) throw new UserError(`${path} is missing: put it back or start a new run`);
    return new AppendFile(path, 'r+');
  }

  /** Throws UserError unless the file has at least `length` bytes. */
  expect(length: number): void {
    if (this.#length < length)
      throw new UserError(
        `${this.path} has ${this.#length} bytes, but the checkpoint was saved when it had ${length}: ` +
          'the file was changed; put it back or start a new run',
      );
  }

  /** Drops all after the first `length` bytes. */
  cutBack(length: number): void {
    onDisk(`write ${this.path}`, () => ftruncateSync(this.#file, length));
    this.#length = length;
  }

  /** Bytes in the file, without what waits for the next flush. */
  get length(): number {
    return this.#length;
  }

  append(data: string | Uint8Array): void {
    this.#waiting.push(typeof data === 'string' ? Buffer.from(data) : data);
  }

  /** Writes what was appended. Throws UserError if the disk is full; what waits is kept. */
  flush(): void {
    if (this.#waiting.length === 0) return;
    const data = Buffer.concat(this.#waiting);
    onDisk(`write ${this.path}`, () => {
      try {
        writeAll(this.#file, data, this.#length);
      } catch (error) {
        this.#dropHalfWritten();
        throw error;
      }
    });
    this.#length += data.length;
    this.#waiting = [];
  }

  /** Flushes, and returns when the disk has it. */
  sync(): void {
    this.flush();
    onDisk(`write ${this.path}`, () => fsyncSync(this.#file));
  }

  /** Closes without flushing. */
  close(): void {
    closeSync(this.#file);
  }

  #dropHalfWritten(): void {
    try {
      ftruncateSync(this.#file, this.#length);
    } catch {
      // The write's own error says more.
    }
  }
}
