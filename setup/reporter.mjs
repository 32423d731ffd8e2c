// @ts-check
// Node's spec reporter, with the tests that were left out once more right above its summary, each with the reason.
import { Readable } from 'node:stream';
import { spec } from 'node:test/reporters';

/** @typedef {{ type: string, data: Record<string, unknown> }} Event as node:test tells of a run */

/** @param {AsyncIterable<Event>} events */
export default async function* reporter(events) {
  yield* Readable.from(withLeftOut(events)).pipe(new spec());
}

/** @param {AsyncIterable<Event>} events */
async function* withLeftOut(events) {
  /** @type {string[]} */
  const leftOut = [];
  for await (const event of events) {
    const { name, skip, message, nesting } = event.data ?? {};
    if (event.type === 'test:pass' && skip) leftOut.push(`left out: ${name}${skip === true ? '' : ` (${skip})`}`);
    const summaryBegins = event.type === 'test:diagnostic' && nesting === 0 && /^tests \d+$/.test(String(message));
    if (summaryBegins) {
      for (const message of leftOut.splice(0)) yield { type: 'test:diagnostic', data: { nesting: 0, message } };
    }
    yield event;
  }
}
