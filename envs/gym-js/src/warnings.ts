const printed = new Set<string>();

/** Prints each message once. */
function print(message: string): void {
  if (printed.has(message)) return;
  printed.add(message);
  console.warn(`gym-js: ${message}`);
}

let handler = print;

/** Says what a caller should know and can go on without (gymnasium.logger.warn). */
export function warn(message: string): void {
  handler(message);
}

/**
 * Where warnings go from now on, each time that one occurs; undefined for the default, which prints each message once
 * on the console. Returns what was there before.
 */
export function setWarningHandler(next: ((message: string) => void) | undefined): (message: string) => void {
  const before = handler;
  handler = next ?? print;
  return before;
}
