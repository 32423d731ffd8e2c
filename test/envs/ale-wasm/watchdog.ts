import type { Worker } from 'node:worker_threads';

const textAt = 8;

/** What a thread is at, in shared memory: it may be at it for ever and answer nothing. */
export class Progress {
  readonly memory: SharedArrayBuffer;
  readonly #numbers: Int32Array;
  readonly #text: Buffer;

  constructor(memory = new SharedArrayBuffer(256)) {
    this.memory = memory;
    this.#numbers = new Int32Array(memory, 0, 2);
    this.#text = Buffer.from(memory, textAt);
  }

  /** Something new begins. */
  begin(text: string): void {
    Atomics.store(this.#numbers, 1, this.#text.write(text));
    Atomics.add(this.#numbers, 0, 1);
  }

  /** How often something began. */
  get count(): number {
    return Atomics.load(this.#numbers, 0);
  }

  get text(): string {
    return this.#text.toString('utf8', 0, Atomics.load(this.#numbers, 1));
  }
}

/**
 * The thread's one message. Ends the thread.
 * @throws if the thread fails or ends without one, or begins nothing new for `seconds`: says what it was at
 */
export async function watched<T>(thread: Worker, progress: Progress, seconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<T>((resolve, reject) => {
      let seen = -1;
      timer = setInterval(() => {
        if (progress.count === seen) reject(new Error(`${progress.text}: it did not return within ${seconds} s`));
        seen = progress.count;
      }, 1000 * seconds);
      thread.once('message', resolve);
      thread.once('error', (error) => reject(new Error(`${progress.text}: ${error.message}`, { cause: error })));
      thread.once('exit', (code) => reject(new Error(`${progress.text}: the thread ended with exit code ${code}`)));
    });
  } finally {
    clearInterval(timer);
    await thread.terminate();
  }
}
