import {
  type AnyEnv,
  Box,
  Dict,
  Discrete,
  type Env,
  type EnvMetadata,
  type RenderResult,
  type ResetOptions,
  type ResetResult,
  type StepResult,
} from 'gym-js';

// The environments of test/oracle/gymnasium-checker.py: one is sound, in each of the others one thing is broken.

class Sound implements Env<Float32Array, number> {
  readonly observationSpace = box(0, 9);
  readonly actionSpace = new Discrete(2);
  readonly metadata: EnvMetadata = { renderModes: [] };
  private start = 0;
  private position = 0;

  reset({ seed }: ResetOptions = {}): ResetResult<Float32Array> {
    this.start = seed === undefined ? (this.start + 3) % 7 : seed % 7;
    this.position = this.start;
    return { observation: Float32Array.of(this.position), info: {} };
  }

  step(action: number): StepResult<Float32Array> {
    this.position = Math.min(9, this.position + Math.trunc(Number(action)));
    const observation = Float32Array.of(this.position);
    return { observation, reward: 1, terminated: this.position === 9, truncated: false, info: {} };
  }

  render(): RenderResult {
    return undefined;
  }

  close(): void {}
}

function box(low: number, high: number): Box {
  return new Box({ low, high, shape: [1] });
}

/** The sound environment with some members replaced. */
function having(members: Record<string, unknown>): AnyEnv {
  return Object.assign(new Sound(), members) as AnyEnv;
}

/** `change` of what the sound one gives. */
function resetGives(change: (result: ResetResult<Float32Array>) => unknown): AnyEnv {
  const sound = new Sound();
  return having({ reset: (options: ResetOptions) => change(sound.reset(options)), step: sound.step.bind(sound) });
}

function stepGives(changed: (result: StepResult<Float32Array>) => object): AnyEnv {
  const sound = new Sound();
  const step = (action: number): object => {
    const result = sound.step(action);
    return { ...result, ...changed(result) };
  };
  return having({ reset: sound.reset.bind(sound), step });
}

function rendering(frame: unknown, renderMode: string, metadata: Record<string, unknown> = {}): AnyEnv {
  const whole = { renderModes: ['rgb_array', 'ansi', 'human'], renderFps: 20, ...metadata };
  return having({ render: () => frame, renderMode, metadata: whole });
}

/** New environments of every kind, by what is wrong with them. */
export function faultyEnvs(): Record<string, AnyEnv> {
  let drawn = 0;
  const kept = Float32Array.of(1);
  const known = { kept };
  return {
    none: new Sound(),
    'no step': having({ step: undefined }),
    'no space': having({ observationSpace: 'box' }),
    'an empty Dict': having({ observationSpace: new Dict({}) }),
    'bounds that are one': having({ actionSpace: box(1, 1) }),
    'wide actions': having({ actionSpace: box(-3, 3) }),
    'no bounds': having({ observationSpace: box(0, Infinity) }),
    'a bare observation': resetGives(({ observation }) => observation),
    'no info': resetGives(({ observation }) => ({ observation })),
    'an observation outside its space': resetGives(() => ({ observation: Float32Array.of(99), info: {} })),
    'an observation of another type': resetGives(({ observation, info }) => ({
      observation: Float64Array.from(observation),
      info,
    })),
    'a list as observation': resetGives(({ observation, info }) => ({ observation: [...observation], info })),
    'chance that no seed decides': resetGives(() => ({ observation: Float32Array.of(drawn++ % 8), info: {} })),
    'chance in a step that no seed decides': stepGives(() => ({ reward: drawn++ })),
    'no info of a step': stepGives(() => ({ info: undefined })),
    'a reward that is text': stepGives(() => ({ reward: 'much' })),
    'a reward that is no number': stepGives(() => ({ reward: NaN })),
    'a reward without end': stepGives(() => ({ reward: Infinity })),
    'an end mark that is 0': stepGives(() => ({ terminated: 0 })),
    'a cut mark that is 0': stepGives(() => ({ truncated: 0 })),
    'an episode of one step': stepGives(() => ({ truncated: true })),
    'an array that is used again': stepGives(() => ({ observation: kept })),
    'an info that is used again': stepGives(() => ({ info: known })),
    'a picture': rendering({ data: new Uint8Array(2 * 3 * 3), height: 2, width: 3 }, 'rgb_array'),
    'text as picture': rendering('words', 'rgb_array'),
    'nothing as text': rendering(undefined, 'ansi'),
    'something for human eyes': rendering(3, 'human'),
    'no frames per second': rendering('words', 'ansi', { renderFps: undefined }),
    'frames per second that are text': rendering('words', 'ansi', { renderFps: 'many' }),
    'no frame in a second': rendering('words', 'ansi', { renderFps: 0 }),
    'no render modes': rendering('words', 'ansi', { renderModes: undefined }),
    'another render mode': rendering('words', 'ansi', { renderModes: ['rgb_array'] }),
    'a render mode where there is none': rendering('words', 'ansi', { renderModes: [] }),
  };
}
