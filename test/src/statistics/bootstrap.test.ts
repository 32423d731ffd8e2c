import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../../../agents/random.ts';
import { bootstrapInterval } from '../../../src/statistics/bootstrap.ts';

test('a stratum without runs, and figures that are no numbers, are refused', () => {
  const options = { random: new Random(1), repetitions: 100 };
  assert.throws(() => bootstrapInterval([[1], []], () => 0, options), {
    name: 'RangeError',
    message: 'stratum 1 of 2 has no runs',
  });
  // Not of the runs as they are, but of some draws: without both runs there is no difference.
  const share = ([runs = []]: readonly (readonly number[])[]): number => {
    const spread = Math.max(...runs) - Math.min(...runs);
    return spread / spread;
  };
  assert.throws(() => bootstrapInterval([[1, 2]], share, options), { name: 'RangeError', message: /not a number/ });
});
