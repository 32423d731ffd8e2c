// @ts-check
// Read before anything else, also by a Node that is too old: only what Node 14 understands, and no import of ours.

/** The oldest Node that has what we use: module.register for tsx, Dirent.parentPath. */
const oldest = { major: 20, minor: 12 };

/**
 * @param {string} version as in process.versions.node
 * @returns {string | undefined} one line with the mend where this Node cannot run us
 */
export function nodeProblem(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > oldest.major || (major === oldest.major && minor >= oldest.minor)) return undefined;
  return (
    `Node ${version} is not supported: rim-agents needs Node ${oldest.major}.${oldest.minor} or newer; ` +
    'install one from nodejs.org, or with "nvm install 22"'
  );
}

/** Ends the process with one line where this Node cannot run us. */
export function requireNode() {
  const problem = nodeProblem(process.versions.node);
  if (!problem) return;
  console.error(`set-up: ${problem}`);
  process.exit(1);
}
