import assert from 'node:assert/strict';
import { test } from 'node:test';
import { register, registry, setWarningHandler } from 'gym-js';
import { Toy } from './toy-env.ts';

test('a warning is printed once, or goes wherever it is told each time', (context) => {
  const printed = context.mock.method(console, 'warn', () => {});
  const warnTwice = (): void => {
    for (let i = 0; i < 3; i++) register({ id: 'Twice-v0', entryPoint: Toy });
    registry.clear();
  };
  warnTwice();
  assert.deepEqual(
    printed.mock.calls.map(({ arguments: [message] }) => message as string),
    ['gym-js: "Twice-v0" was registered already and is replaced'],
  );
  const heard: string[] = [];
  const before = setWarningHandler((message) => heard.push(message));
  warnTwice();
  assert.equal(heard.length, 2);
  setWarningHandler(before);
  warnTwice();
  assert.equal(printed.mock.callCount(), 1);
});
