import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync } from 'node:fs';
import { UserError } from '../errors.ts';
import { onDisk, writeAll } from './disk.ts';

/**
 * A file that only grows. What is appended is kept in memory until {@link AppendFile.flush}, which writes it all or, if the disk is full,
 * nothing: the file never ends in half a record unless the process is killed within the call, and then {@link AppendFile.cutBack} mends it.
 */
export class AppendFile {
  readonly path: string;
  readonly #file: number;
  #length: number;
  #waiting: Uint8Array[] = [];

  private constructor(path: string, flags: string, length?: number) {
    this.path = path;
    this.#file = onDisk(`write ${path}`, () => openSync(path, flags));
    this.#length = length ?? fstatSync(this.#file).size;
  }

  /** Begins an empty file. Throws UserError if it exists or cannot be written. */
  static create(path: string): AppendFile {
    return new AppendFile(path, 'wx');
  }

  /** Goes on at the end of a file. Throws UserError if it cannot be written. */
  static open(path: string): AppendFile {
    return new AppendFile(path, 'r+');
  }

  /** Goes on after the first `length` bytes of a file; drops the rest. Throws UserError if it is shorter. */
  static cutBack(path: string, length: number): AppendFile {
    const opened = new AppendFile(path, 'r+', length);
    const found = fstatSync(opened.#file).size;
    if (found < length) {
      opened.close();
      throw new UserError(
        `${path} has ${found} bytes, but the checkpoint was saved when it had ${length}: the file was changed; put it back or start a new run`,
      );
    }
    onDisk(`write ${path}`, () => ftruncateSync(opened.#file, length));
    return opened;
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
