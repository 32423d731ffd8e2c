// @ts-check
// One set-up at a time. A lock is a file that names its holder; a holder that died is noticed, so nobody waits for it.
import { closeSync, openSync, readFileSync, rmSync, statSync, utimesSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

const heartbeatMs = 2_000;
/**
 * A holder on another machine (a shared home folder, a container) is dead when it has not touched its lock for so long.
 */
const silentMs = 60_000;
/** A lock that is still empty is being written, or its writer died in between. */
const emptyMs = 10_000;
const pollMs = 200;

/**
 * @typedef {object} Holder
 * @property {string} host
 * @property {number} pid
 * @property {string} started when that process began, as the system counts; tells it from a later one with its number
 */

/**
 * Does `work` while nobody else holds `file`; waits for its turn.
 * @template T
 * @param {string} file in a folder that exists
 * @param {() => Promise<T>} work
 * @param {(holder: Holder) => void} [onWait] called once if somebody else is at work
 * @returns {Promise<T>}
 */
export async function withLock(file, work, onWait = () => {}) {
  const mine = JSON.stringify(
    /** @type {Holder} */ ({ host: hostname(), pid: process.pid, started: startOf(process.pid) }),
  );
  for (let waited = false; !take(file, mine); await sleep(pollMs)) {
    const holder = readHolder(file);
    if (isDead(file, holder)) removeDead(file);
    else if (holder && !waited) {
      waited = true;
      onWait(holder);
    }
  }
  const release = () => {
    if (readIfThere(file) === mine) rmSync(file, { force: true });
  };
  const heartbeat = setInterval(() => touch(file), heartbeatMs);
  heartbeat.unref();
  process.once('exit', release);
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    process.off('exit', release);
    release();
  }
}

/** @param {string} file @param {string} content @returns {boolean} whether the lock is ours now */
function take(file, content) {
  let descriptor;
  try {
    descriptor = openSync(file, 'wx');
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false;
    throw error;
  }
  writeSync(descriptor, content);
  closeSync(descriptor);
  return true;
}

/**
 * Removes a dead holder's lock. Several may find it dead at once, and a slow one must not remove the lock that a quick
 * one has taken since: only the holder of a second lock may remove, and looks again before it does.
 * @param {string} file
 */
function removeDead(file) {
  const guard = `${file}.removing`;
  if (!take(guard, '')) {
    if (ageOf(guard) > emptyMs) rmSync(guard, { force: true });
    return;
  }
  if (isDead(file, readHolder(file))) rmSync(file, { force: true });
  rmSync(guard, { force: true });
}

/** @param {string} file @param {Holder | undefined} holder */
function isDead(file, holder) {
  if (!holder) return ageOf(file) > emptyMs;
  if (holder.host !== hostname()) return ageOf(file) > silentMs;
  return !isAlive(holder.pid) || startOf(holder.pid) !== holder.started;
}

/** @param {string} file @returns {Holder | undefined} */
function readHolder(file) {
  try {
    return JSON.parse(readIfThere(file) ?? '');
  } catch {
    return undefined; // gone by now, or not written yet
  }
}

/** @param {number} pid @returns {boolean} */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}

/** @param {number} pid @returns {string} clock ticks since boot on Linux; '' where the system does not say */
function startOf(pid) {
  const stat = readIfThere(`/proc/${pid}/stat`);
  // The second field is the program's name in parentheses, which may hold spaces: count from its end.
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

/** @param {string} file @returns {number} milliseconds since it was touched; 0 if it is gone */
function ageOf(file) {
  try {
    return Date.now() - statSync(file).mtimeMs;
  } catch {
    return 0;
  }
}

/** @param {string} file */
function touch(file) {
  try {
    utimesSync(file, new Date(), new Date());
  } catch {
    // Somebody removed the lock by hand; the work goes on, products are put in place by a rename anyway.
  }
}

/** @param {string} file @returns {string | undefined} */
function readIfThere(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
