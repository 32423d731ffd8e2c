/** A comparison that cannot be made, for a reason outside the command line: one line, exit code 1, no stack. */
export class BenchError extends Error {
  override readonly name = 'BenchError';
}
