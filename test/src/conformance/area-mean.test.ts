import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadAle } from 'ale-wasm';
import { areaMean } from '../../../src/conformance/area-mean.ts';

test('the mean over areas is that of the observation, which native ALE confirms, for every screen height', async () => {
  const module = await loadAle();
  const heights = new Set<number>();
  for (const game of ['breakout', 'carnival', 'pooyan', 'journey_escape', 'adventure']) {
    const ale = await module.create();
    await ale.loadRom(game);
    for (let step = 0; step < 5; step++) {
      for (let frame = 0; frame < 20; frame++) ale.act(1);
      ale.observeScreen();
      const mean = areaMean(ale.screenGray(), ale.screenHeight, ale.screenWidth);
      assert.deepEqual(mean, ale.observation.slice());
    }
    heights.add(ale.screenHeight);
  }
  assert.deepEqual([...heights].sort(), [210, 214, 220, 230, 250]);
});
