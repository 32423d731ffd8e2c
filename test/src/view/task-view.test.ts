import assert from 'node:assert/strict';
import { test } from 'node:test';
import { figure } from '../../../src/view/task-view.ts';

test('a figure has as many digits as are worth reading, however large or small it is', () => {
  const expected: [number | null, string][] = [
    [3.211181025268189e30, '3.2e+30'],
    [-2e7, '-2.0e+7'],
    [123456.78, '123456.8'],
    [12.345678, '12.35'],
    [0.12345678, '0.1235'],
    [0.00012345, '1.2e-4'],
    [0, '0.0000'],
    [NaN, '–'],
    [null, '–'],
  ];
  for (const [value, text] of expected) assert.equal(figure(value), text);
});
