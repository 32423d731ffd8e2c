import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, mock, test } from 'node:test';
import { type RenderFrame, RecordVideo, type RecordVideoOptions, setWarningHandler } from 'gym-js';
import h264 from 'h264-mp4-encoder';
import { GifReader } from 'omggif';
import { Toy, type ToyArray } from '../toy-env.ts';

// node:test's own, once it runs.
let listeners: number | undefined;
const heard: string[] = [];
setWarningHandler((message) => heard.push(message));

const folder = mkdtempSync(join(tmpdir(), 'gym-js-video-'));
after(() => rmSync(folder, { recursive: true }));

let videoFolder: string;
let made = 0;
beforeEach(() => {
  listeners ??= process.listenerCount('unhandledRejection');
  videoFolder = join(folder, `${made++}`, 'videos');
  heard.length = 0;
});

const picture = (options: object = {}): Toy => new Toy({ renderMode: 'rgb_array', ...options });

/** Plays whole episodes; all frames that the environment showed. */
async function record(episodes: number, options: Partial<RecordVideoOptions>, env = picture()): Promise<RenderFrame[]> {
  const recorder = await RecordVideo.create<ToyArray, number>(env, { videoFolder, ...options });
  const frames: RenderFrame[] = [];
  for (let episode = 0; episode < episodes; episode++) {
    recorder.reset({ seed: 0 });
    frames.push(env.render() as RenderFrame);
    for (let over = false; !over;) {
      const { terminated, truncated } = recorder.step(1);
      frames.push(env.render() as RenderFrame);
      over = terminated || truncated;
    }
  }
  recorder.close();
  assert.deepEqual(
    recorder.videos.sort(),
    files().map((name) => `${videoFolder}/${name}`),
  );
  return frames;
}

const files = (): string[] => readdirSync(videoFolder).sort();
const read = (name: string): Buffer => readFileSync(join(videoFolder, name));

/** The content of the box at a path such as moov.trak (ISO 14496-12), its first occurrence. */
function box(bytes: Buffer, path: string): Buffer {
  const [name, ...inner] = path.split('.');
  for (let at = 0; at + 8 <= bytes.length; at += bytes.readUInt32BE(at) || bytes.length) {
    if (bytes.toString('latin1', at + 4, at + 8) !== name) continue;
    const content = bytes.subarray(at + 8, at + bytes.readUInt32BE(at));
    return inner.length === 0 ? content : box(content, inner.join('.'));
  }
  return assert.fail(`no ${name} in the MP4`);
}

/** Size, frames and seconds as the file's index says. */
function mp4(bytes: Buffer): { width: number; height: number; frames: number; seconds: number } {
  const track = box(bytes, 'moov.trak.tkhd');
  const media = box(bytes, 'moov.trak.mdia.mdhd');
  return {
    width: track.readUInt32BE(76) / 65_536,
    height: track.readUInt32BE(80) / 65_536,
    frames: box(bytes, 'moov.trak.mdia.minf.stbl.stsz').readUInt32BE(8),
    seconds: media.readUInt32BE(16) / media.readUInt32BE(12),
  };
}

test("an MP4 has all frames of its episode, at the environment's speed, odd sizes made even", async () => {
  await record(2, { episodeTrigger: (episode) => episode === 1 });
  assert.deepEqual(files(), ['rl-video-episode-1.mp4']);
  const video = read('rl-video-episode-1.mp4');
  assert.equal(video.toString('latin1', 4, 8), 'ftyp');
  assert.ok(box(video, 'moov.trak.mdia.minf.stbl.stsd').includes('avc1'));
  const { seconds, ...others } = mp4(video);
  assert.deepEqual(others, { width: 8, height: 6, frames: 5 });
  assert.ok(Math.abs(seconds - 5 / 20) < 0.01, `${seconds} s at 20 frames/s`);
});

test('several videos of different lengths come from one recorder', async () => {
  await record(9, { namePrefix: 'toy', fps: 10 }, picture({ length: 3 }));
  assert.deepEqual(files(), ['toy-episode-0.mp4', 'toy-episode-1.mp4', 'toy-episode-8.mp4'], 'cubes');
  for (const name of files()) assert.equal(mp4(read(name)).frames, 4);
});

test('stepTrigger begins videos, videoLength ends them, also across episodes', async () => {
  await record(4, { stepTrigger: (step) => step % 6 === 1, videoLength: 5 });
  assert.deepEqual(files(), ['rl-video-step-1.mp4', 'rl-video-step-13.mp4', 'rl-video-step-7.mp4']);
  assert.deepEqual(
    files().map((name) => mp4(read(name)).frames),
    [5, 3, 5],
    'close ends the one under way',
  );
});

test('a GIF has exactly the colours of every frame, and the whole time', async () => {
  const frames = await record(1, { format: 'gif', fps: 30 });
  const gif = new GifReader(read('rl-video-episode-0.gif'));
  assert.deepEqual([gif.width, gif.height, gif.numFrames()], [7, 5, frames.length]);
  let hundredths = 0;
  for (const [i, { data }] of frames.entries()) {
    const rgba = new Uint8Array(7 * 5 * 4);
    gif.decodeAndBlitFrameRGBA(i, rgba);
    assert.deepEqual(Array.from(rgba.filter((_, at) => at % 4 < 3)), Array.from(data), `frame ${i}`);
    hundredths += gif.frameInfo(i).delay;
  }
  assert.equal(hundredths, Math.round((frames.length * 100) / 30));
});

test('a GIF of more than 256 colours has near ones', async () => {
  class Sky extends Toy {
    override render(): RenderFrame {
      const data = Uint8Array.from({ length: 32 * 32 * 3 }, (_, i) => [i % 96, Math.floor(i / 96), 5][i % 3] ?? 0);
      return { data: data.map((value) => value * 2), height: 32, width: 32 };
    }
  }
  const [frame] = await record(1, { format: 'gif' }, new Sky({ renderMode: 'rgb_array' }));
  const rgba = new Uint8Array(32 * 32 * 4);
  new GifReader(read('rl-video-episode-0.gif')).decodeAndBlitFrameRGBA(0, rgba);
  const rgb = rgba.filter((_, at) => at % 4 < 3);
  const worst = Math.max(...rgb.map((value, i) => Math.abs(value - (frame?.data[i] ?? 0))));
  assert.ok(worst <= 24, `off by ${worst} of 255`);
});

test('no file has its name before it is whole; one that is there is replaced, with a warning', async () => {
  const env = picture();
  const recorder = await RecordVideo.create<ToyArray, number>(env, { videoFolder });
  assert.deepEqual(heard, []);
  recorder.reset({ seed: 0 });
  recorder.step(0);
  assert.deepEqual(files(), []);
  writeFileSync(join(videoFolder, 'rl-video-episode-0.mp4'), 'old');
  recorder.close();
  assert.equal(mp4(read('rl-video-episode-0.mp4')).frames, 2);
  assert.equal(env.closed, 1);
  await RecordVideo.create<ToyArray, number>(picture(), { videoFolder });
  assert.match(heard.join(), /videos in .* may be overwritten/);
});

test('a frame of another size, or none, stops the recording', async () => {
  class Odd extends Toy {
    calls = 0;
    override render(): ReturnType<Toy['render']> {
      this.calls += 1;
      return this.calls < 3 ? super.render() : { data: new Uint8Array(3), height: 1, width: 1 };
    }
  }
  const recorder = await RecordVideo.create<ToyArray, number>(new Odd({ renderMode: 'rgb_array' }), { videoFolder });
  recorder.reset();
  for (let i = 0; i < 3; i++) recorder.step(0);
  assert.equal(mp4(read('rl-video-episode-0.mp4')).frames, 2);
  assert.deepEqual(heard, ["RecordVideo: recording stopped, for a frame is not of the first one's size"]);
});

test('a frame that is no picture begins no video; the next recording is whole', async () => {
  class Late extends Toy {
    calls = 0;
    override render(): ReturnType<Toy['render']> {
      const frame = super.render() as RenderFrame;
      return this.calls++ === 0 ? { ...frame, data: frame.data.subarray(3) } : frame;
    }
  }
  const episodeTrigger = (): boolean => true;
  const env = new Late({ renderMode: 'rgb_array' });
  const recorder = await RecordVideo.create<ToyArray, number>(env, { videoFolder, episodeTrigger });
  recorder.reset();
  assert.deepEqual(heard, ['RecordVideo: recording stopped, for render() gave no picture']);
  recorder.reset();
  recorder.step(0);
  recorder.close();
  assert.deepEqual(files(), ['rl-video-episode-1.mp4']);
  assert.equal(mp4(read('rl-video-episode-1.mp4')).frames, 2);
});

test('the environment is closed also where the video cannot be written', async () => {
  const env = picture();
  const recorder = await RecordVideo.create<ToyArray, number>(env, { videoFolder });
  recorder.reset();
  rmSync(videoFolder, { recursive: true });
  assert.throws(() => recorder.close(), { code: 'ENOENT' });
  assert.equal(env.closed, 1);
  recorder.close();
});

test('recorders that are at work at once do not meet', async () => {
  const recorders = await Promise.all(
    ['a', 'b'].map((namePrefix) =>
      RecordVideo.create<ToyArray, number>(picture({ length: 9 }), { videoFolder, namePrefix }),
    ),
  );
  for (const [i, recorder] of recorders.entries()) {
    recorder.reset();
    for (let step = 0; step < 3 + i; step++) recorder.step(0);
  }
  for (const recorder of recorders) recorder.close();
  assert.deepEqual(
    files().map((name) => mp4(read(name)).frames),
    [4, 5],
  );
});

test('closing frees the encoder and its file, be the video begun or written', async () => {
  const encoder = await h264.createH264MP4Encoder();
  const handle = Object.getPrototypeOf(Object.getPrototypeOf(encoder)) as { delete: () => void };
  const freed = mock.method(handle, 'delete');
  const files = (encoder.FS as unknown as { readdir: (path: string) => string[] }).readdir;
  const before = files('/');
  for (const steps of [0, 3]) {
    const recorder = await RecordVideo.create(picture(), { videoFolder, videoLength: 2 });
    recorder.reset();
    for (let t = 0; t < steps; t++) recorder.step(0);
    recorder.close();
    recorder.close();
  }
  assert.equal(freed.mock.callCount(), 2);
  assert.deepEqual(files('/'), before);
  freed.mock.restore();
  encoder.delete();
});

test('what cannot be recorded is refused; nobody listens for the rejections of others afterwards', async () => {
  const attempt = (env: Toy, options = {}): Promise<unknown> => RecordVideo.create(env, { videoFolder, ...options });
  await assert.rejects(attempt(new Toy()), /render mode undefined gives no single pictures; .* with "rgb_array"/);
  await assert.rejects(attempt(picture({ renderMode: 'ansi' })), /render mode ansi gives no single pictures/);
  await assert.rejects(attempt(picture(), { videoLength: -1 }), /videoLength -1 is not a whole number/);
  await assert.rejects(attempt(picture(), { format: 'avi' }), /format "avi" is not mp4 or gif/);
  await assert.rejects(attempt(picture(), { fps: 0 }), /fps 0 is not above 0/);
  assert.equal(process.listenerCount('unhandledRejection'), listeners);
});
