import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  requireFlag,
  requireKnown,
  requireNumber,
  requireOneOf,
  requireProbability,
  requireWhole,
} from '../../envs/ranges.ts';

const refused = (work: () => void, message: RegExp): void => assert.throws(work, { name: 'UserError', message });

test('values out of range or of another type are refused with name, value and mend, in one line', () => {
  refused(() => requireWhole('k', 1.5, 0, 3), /^k 1.5 is out of range; give a whole number from 0 to 3$/);
  refused(() => requireWhole('k', '2' as never, 0, 3), /^k "2" is out of range/);
  refused(() => requireNumber('x', NaN, 0, 1), /^x NaN is out of range; give a number from 0 to 1$/);
  refused(() => requireProbability('p', null as never), /^p null is out of range/);
  refused(() => requireFlag('on', [1, 2] as never), /^on \[1, 2\] is no switch; give true or false$/);
  refused(() => requireFlag('on', {} as never), /^on an object is no switch/);
  refused(() => requireOneOf('kind', 'a\nb', ['x', false, undefined]), /^kind "a\\nb" is unknown; give "x" or false$/);
});

test("unknown options are refused with the name that was meant, Python's included", () => {
  const names = ['noopMax', 'frameSkip', 'screenSize'];
  requireKnown('games', { noopMax: 1 }, names);
  refused(
    () => requireKnown('games', { noop_max: 1 }, names),
    /^unknown option noop_max of games; did you mean "noopMax"\?$/,
  );
  refused(() => requireKnown('games', { frameSkp: 1 }, names), /did you mean "frameSkip"\?$/);
  refused(() => requireKnown('games', { other: 1 }, names), /of games; there are noopMax, frameSkip, screenSize$/);
});
