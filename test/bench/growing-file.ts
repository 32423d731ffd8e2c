import { closeSync, openSync, readSync } from 'node:fs';

/** Counts the lines of a file that grows. */
export class GrowingFile {
  readonly #path: string;
  readonly #buffer = Buffer.alloc(1 << 16);
  #position = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** How many lines were completed since the last call; 0 while there is no file. */
  newLines(): number {
    let file: number;
    try {
      file = openSync(this.#path, 'r');
    } catch {
      return 0;
    }
    try {
      let lines = 0;
      for (;;) {
        const read = readSync(file, this.#buffer, 0, this.#buffer.length, this.#position);
        if (read === 0) return lines;
        for (const byte of this.#buffer.subarray(0, read)) if (byte === 0x0a) lines += 1;
        this.#position += read;
      }
    } finally {
      closeSync(file);
    }
  }
}
