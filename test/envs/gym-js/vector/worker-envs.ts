import { type Env, register, type ResetOptions, type ResetResult, type StepResult, Text } from 'gym-js';
import { Discrete } from 'gym-js';
import { Toy, type ToyArray } from '../toy-env.ts';

// Environments for threads. Importing this module also registers one.

register({ id: 'worker/Toy-v1', entryPoint: Toy });

/**
 * Action 1 throws, action 2 ends the thread. `reset` with the option `hang` never returns, with `secret` its info has a
 * function, after one with `stuck` the environment cannot be closed.
 */
export class Broken extends Toy {
  private stuck: unknown;

  override reset(options: ResetOptions = {}): ResetResult<ToyArray> {
    const { hang, secret, stuck } = options.options ?? {};
    if (hang) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    this.stuck = stuck;
    const result = super.reset(options);
    return secret ? { ...result, info: { secret: () => 1 } } : result;
  }

  override close(): void {
    if (this.stuck) throw new Error('stuck');
  }

  override step(action: number): StepResult<ToyArray> {
    if (action === 1) throw new Error('out of order\nand more', { cause: new Error('no oil') });
    if (action === 2) process.exit(7);
    return super.step(action);
  }
}

/** Its observations are text. */
export class Talker implements Env<string, number> {
  readonly observationSpace = new Text(20, { charset: 'abcdefghijklmnopqrstuvwxyz 0123456789' });
  readonly actionSpace = new Discrete(3);

  reset({ seed }: ResetOptions = {}): ResetResult<string> {
    return { observation: `seed ${seed}`, info: {} };
  }

  step(action: number): StepResult<string> {
    return { observation: `action ${action}`, reward: 0, terminated: false, truncated: false, info: {} };
  }

  close(): void {}
}
