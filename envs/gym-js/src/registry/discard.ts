/**
 * Closes environments that nobody gets because making them, or what was to be made of them, failed. That failure is
 * what the caller has to be told; where closing fails as well, nothing is said of it.
 */
export function discard(envs: readonly { close(): void }[]): void {
  for (const env of envs) {
    try {
      env.close();
    } catch {
      // See above.
    }
  }
}
