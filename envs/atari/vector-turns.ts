/**
 * Whose turn it is in a vector: an environment is under way, or ready, with a result that nobody has received, or idle:
 * it waits for an action or a reset.
 */
export class VectorTurns {
  private readonly count: number;
  private readonly underWay = new Set<number>();
  /** The first to finish first. */
  private ready: number[] = [];

  constructor(count: number) {
    this.count = count;
  }

  /** Environments that are under way. */
  get running(): number {
    return this.underWay.size;
  }

  /** Environments whose results can be received, at once or once they are done. */
  get coming(): number {
    return this.underWay.size + this.ready.length;
  }

  /** Results to wait for until `count` are ready. */
  missing(count: number): number {
    return Math.max(0, count - this.ready.length);
  }

  begin(env: number): void {
    this.underWay.add(env);
  }

  finish(env: number): void {
    this.underWay.delete(env);
    this.ready.push(env);
  }

  /** The first `count` that are ready, which are idle then. */
  take(count: number): number[] {
    return this.ready.splice(0, count);
  }

  /** Those that are ready, in order. */
  unreceived(): number[] {
    return [...this.ready];
  }

  /** Makes `envs` the only ones that are ready; none may be under way. */
  setReady(envs: readonly number[]): void {
    this.ready = [...envs];
  }

  idle(): number[] {
    const taken = new Set([...this.underWay, ...this.ready]);
    return Array.from({ length: this.count }, (_, env) => env).filter((env) => !taken.has(env));
  }

  /** Throws unless each of `envs` is an idle environment, named once. */
  requireIdle(envs: readonly number[]): void {
    const seen = new Set<number>();
    for (const env of envs) {
      if (!Number.isInteger(env) || env < 0 || env >= this.count) {
        throw new RangeError(`environment ${env} is not one of 0 to ${this.count - 1}`);
      }
      if (seen.has(env)) throw new RangeError(`environment ${env} is named twice; name it once`);
      if (this.underWay.has(env)) throw new Error(`environment ${env} is still under way; recv() it first`);
      if (this.ready.includes(env)) {
        throw new Error(`the result of environment ${env} was not received; recv() it first`);
      }
      seen.add(env);
    }
  }
}
