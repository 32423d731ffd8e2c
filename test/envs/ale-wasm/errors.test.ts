// What a caller gets wrong is answered by one line that names the value and the mend, and the emulator plays on.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { AleError, continuousAction, loadAle, type Ale, type AleModule } from 'ale-wasm';

const dist = new URL('../../../envs/ale-wasm/dist/', import.meta.url);

/** An AleError of one line that matches. */
const aleError = (pattern: RegExp) => (error: Error) => {
  assert.equal(error.name, 'AleError');
  assert.ok(error instanceof AleError);
  assert.doesNotMatch(error.message, /\n/);
  assert.match(error.message, pattern);
  return true;
};

let module: AleModule;
let ale: Ale;
before(async () => {
  module = await loadAle();
  ale = await module.create();
  await ale.loadRom('breakout');
});

describe('arguments', () => {
  const wrong: [string, () => unknown, RegExp][] = [
    ['an action that does not exist', () => ale.act(18), /^action 18; .*0 to 17$/],
    ['a negative action', () => ale.agentStep(-1, 4), /^action -1;/],
    ['half an action', () => ale.act(0.5), /^action 0\.5;/],
    ['no number', () => ale.act(NaN), /^action NaN;/],
    ['a paddle beyond its range', () => ale.act(0, 1.5), /^paddle strength 1\.5;/],
    ['no frames at all', () => ale.agentStep(0, 0), /^frame skip 0;/],
    ['a mode that the game lacks', () => ale.setMode(3), /^mode 3; breakout has 0, 4, 8/],
    ['a difficulty that the game lacks', () => ale.setDifficulty(2), /^difficulty 2; breakout has 0, 1$/],
    ['a negative seed', () => ale.setSeed(-1), /^seed -1;/],
    ['a probability above 1', () => ale.setRepeatActionProbability(1.1), /probability 1\.1;/],
    ['a byte that is none', () => ale.setRam(0, 256), /^RAM value 256; .*0 to 255$/],
    ['RAM beyond its end', () => ale.setRam(128, 0), /^RAM index 128;/],
    ['a reward range upside down', () => ale.setRewardRange(1, 0), /^largest reward 0; it is an integer from 1 to/],
    ['frames that are none', () => ale.setFrameSkip(0), /^frame skip 0;/],
    ['a flag that is none', () => ale.setSound('yes' as never), /^sound "yes"; it is true or false$/],
    ['a snapshot that is none', () => ale.restoreState([1] as never), /^snapshot of type object; it is a Uint8Array$/],
    ['a joystick beyond its range', () => continuousAction(1, 4, 0), /^theta 4; it is a number from -3\.14/],
    ['an observation that is none', () => ale.setObservation(null as never), /^observation format null; it is an obj/],
    ['no size', () => ale.setObservation({ size: null as never }), /^observation size null; it is \[width, height\]/],
    ['sizes of no screen', () => ale.setObservation({ size: [1e300, 5] }), /^observation size 1e\+300,5; .* 160x250$/],
    ['half a size', () => ale.setObservation({ size: [84] as never }), /^observation size 84; it is/],
    ['sides that are none', () => ale.setObservation({ size: [84, 1n] as never }), /^observation size 84,of type bigi/],
    ['a colour that is none', () => ale.setObservation({ grayscale: 'no' as never }), /^grayscale "no"; it is true or/],
    ['a pool that is none', () => ale.setObservation({ maxPool: 1 as never }), /^maxPool 1; it is true or false$/],
    ['a negative frame cap', () => ale.setMaxFramesPerEpisode(-5), /frames per episode -5;/],
  ];
  for (const [name, call, message] of wrong) {
    test(name, () => {
      assert.throws(call, aleError(message));
      const frame = ale.frameNumber;
      ale.act(0);
      assert.equal(ale.frameNumber, frame + 1);
    });
  }
});

describe('cartridges', () => {
  const wrong: [string, string | Uint8Array, RegExp][] = [
    ['an unknown game', 'brekout', /^unknown game "brekout"; games\(\)/],
    ['a number that JSON does not know', 1n as never, /^ROM of type bigint; it is a Uint8Array$/],
    ['a property of every object', 'constructor', /^unknown game "constructor"/],
    [
      'a ROM that ALE does not know',
      new Uint8Array(4096),
      /MD5 620f0b67a91f7f74151bc5be745b7110, which ALE does not know/,
    ],
    ['an empty ROM', new Uint8Array(), /^a ROM of 0 bytes;/],
    ['a ROM larger than any', new Uint8Array(2 ** 20), /^a ROM of 1048576 bytes;/],
  ];
  for (const [name, rom, message] of wrong) {
    test(name, async () => {
      await assert.rejects(ale.loadRom(rom), aleError(message));
      if (typeof rom !== 'string') assert.throws(() => ale.insertRom(rom), aleError(message));
      assert.equal(ale.game, 'breakout');
      ale.act(0);
    });
  }
});

test('a cartridge that is asked for by no name', async () => {
  await assert.rejects(module.rom(1n as never), aleError(/^unknown game of type bigint; games\(\)/));
  await assert.rejects(module.rom({ toString: 1 } as never), aleError(/^unknown game of type object/));
});

describe('order of calls', () => {
  test('playing without a ROM', async () => {
    const empty = await module.create();
    assert.throws(() => empty.act(0), aleError(/^no ROM is loaded; call loadRom/));
    assert.throws(() => empty.observation, aleError(/^no ROM is loaded/));
  });

  test('playing after close, which may be called twice', async () => {
    const closed = await module.create();
    await closed.loadRom('pong');
    closed.close();
    closed.close();
    assert.throws(() => closed.act(0), aleError(/was closed; create another/));
    await assert.rejects(closed.loadRom('pong'), aleError(/was closed/));
  });
});

describe('ALE itself failing', () => {
  test('says so, and begins anew at the next loadRom, with the same settings', async () => {
    const failing = await module.create();
    failing.setSeed(5);
    failing.setSound(true);
    await failing.loadRom('pong');
    // Whatever goes wrong inside, here its memory, is not to reach the caller as a trap.
    new Uint8Array(failing.ram.buffer).fill(0xff, 2 ** 20);
    const trap = (error: Error) => aleError(/^ALE gave up: /)(error) && error.cause instanceof Error;
    assert.throws(() => failing.act(0), trap);
    assert.throws(() => failing.act(0), aleError(/^ALE gave up \(.*\); call loadRom to begin anew$/));
    assert.throws(() => failing.insertRom(new Uint8Array(4096)), aleError(/call loadRom/));
    assert.equal(failing.game, undefined);
    await failing.loadRom('breakout');
    const fresh = await module.create();
    fresh.setSeed(5);
    fresh.setSound(true);
    await fresh.loadRom('breakout');
    for (let frame = 0; frame < 50; frame++) assert.equal(failing.act(frame % 4), fresh.act(frame % 4));
    assert.deepEqual(failing.saveState(), fresh.saveState());
  });
});

describe('a damaged build', () => {
  const copy = mkdtempSync(join(tmpdir(), 'ale-wasm-'));
  const directory = pathToFileURL(copy + '/').href;
  before(() => cpSync(dist, copy, { recursive: true, dereference: true }));
  after(() => rmSync(copy, { recursive: true }));

  /** Runs `check` while one bit of a file differs. */
  async function withDamage(file: string, check: () => Promise<void>): Promise<void> {
    const path = join(copy, file);
    const good = readFileSync(path);
    const bad = Buffer.from(good);
    bad[100] = (bad[100] ?? 0) ^ 1;
    writeFileSync(path, bad);
    await check().finally(() => writeFileSync(path, good));
  }

  test('a ROM with one wrong bit, until it is mended', async () => {
    const emulator = await (await loadAle({ directory })).create();
    await withDamage('roms/breakout.bin', async () => {
      await assert.rejects(emulator.loadRom('breakout'), aleError(/breakout\.bin does not match its hash .*build/));
      await emulator.loadRom('pong');
    });
    await emulator.loadRom('breakout');
  });

  test('a module with one wrong bit', () =>
    withDamage('ale.wasm', () =>
      assert.rejects(loadAle({ directory }), aleError(/ale\.wasm does not match its hash/)),
    ));

  test('a manifest that is cut off', async () => {
    const path = join(copy, 'ale.json');
    const good = readFileSync(path);
    writeFileSync(path, good.subarray(0, good.length / 2));
    await assert.rejects(loadAle({ directory }), aleError(/ale\.json is damaged; remove .* and build/));
    writeFileSync(path, '{"version": 1}');
    await assert.rejects(loadAle({ directory }), aleError(/ale\.json is damaged/));
    writeFileSync(path, good);
  });

  test('a folder that is no URL, where there is no page that it may be relative to', async () => {
    for (const wrong of ['/ale/', '', 5 as never])
      await assert.rejects(
        loadAle({ directory: wrong }),
        aleError(/^directory .*; it is a URL, such as pathToFileURL/),
      );
    await assert.rejects(loadAle({ directory: 'data:,' }), aleError(/^cannot read data:,ale\.json/));
    await assert.rejects(loadAle(null as never), aleError(/^options null; it is an object$/));
  });

  test('no build at all, with the cause', async () => {
    const none = directory + 'none/';
    await assert.rejects(loadAle({ directory: none }), aleError(/^cannot read .*none\/ale\.json/));
    await assert.rejects(
      loadAle({ directory: none }),
      ({ cause }: Error) => (cause as { code: string }).code === 'ENOENT',
    );
  });
});
