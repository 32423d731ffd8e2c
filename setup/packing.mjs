// @ts-check
// A workspace while npm packs it: another package.json stands in the place of its own, and lib/ beside it.
import { existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The workspace's own package.json, while another stands in its place. @param {string} workspace */
export function keptManifest(workspace) {
  return join(workspace, '.package.json.kept');
}

/** Makes a workspace what it is when nobody packs it. @param {string} workspace */
export function putBack(workspace) {
  const kept = keptManifest(workspace);
  if (existsSync(kept)) renameSync(kept, join(workspace, 'package.json'));
  rmSync(join(workspace, 'lib'), { recursive: true, force: true });
}

/**
 * Puts back what npm could not, because it was killed.
 * @param {string} root the repository
 * @param {number} seconds how long ago packing must have begun; it takes one
 */
export function endLostPackings(root, seconds = 60) {
  const rooms = ['envs', 'agents'].map((room) => join(root, room)).filter((room) => existsSync(room));
  for (const folder of rooms.flatMap((room) => readdirSync(room).map((name) => join(room, name)))) {
    const kept = keptManifest(folder);
    if (existsSync(kept) && Date.now() - statSync(kept).ctimeMs >= seconds * 1000) putBack(folder);
  }
}
