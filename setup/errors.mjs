// @ts-check
/** What stops a set-up, said in one line with the mend. Commands print the message alone and exit with 1. */
export class SetUpError extends Error {
  /** @override */
  name = 'SetUpError';
}

const fullDisk = /ENOSPC|EDQUOT|No space left on device|Disk quota exceeded|not enough space/i;
const noNetwork = new RegExp(
  [
    'ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT|ERR_SOCKET_TIMEOUT',
    'NewConnectionError|ConnectTimeoutError|ReadTimeoutError|ProxyError|Connection broken|network is unreachable',
    'Temporary failure in name resolution|Name or service not known|Could not find a version',
  ].join('|'),
  'i',
);
const certificate = /CERT_|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|CERTIFICATE_VERIFY_FAILED|SSLError/;
const denied = /EACCES|EPERM|EROFS|Permission denied|Read-only file system/i;

/**
 * Turns what a tool or the system said into one line with the mend.
 * @param {string} doing what failed, as "downloading TensorFlow"
 * @param {string} output everything the tool printed, or the system's message
 * @param {{ cache: string, log?: string }} places the cache folder, and where the whole output can be read
 * @returns {SetUpError}
 */
export function explainFailure(doing, output, { cache, log }) {
  if (fullDisk.test(output))
    return new SetUpError(
      `${doing} failed: the disk is full; free some space, or set RIM_AGENTS_CACHE (now ${cache}) to a folder ` +
        'on a larger disk',
    );
  if (certificate.test(output))
    return new SetUpError(
      `${doing} failed: the server's certificate is not trusted; ` +
        'behind a proxy that inspects traffic, give its certificate to npm (npm config set cafile) and ' +
        'pip (pip config set global.cert)',
    );
  if (noNetwork.test(output))
    return new SetUpError(
      `${doing} failed: the package index cannot be reached, or does not have it; ` +
        'check the network (HTTPS_PROXY behind a proxy) and start again, what is done so far is kept',
    );
  if (denied.test(output))
    return new SetUpError(
      `${doing} failed: ${firstTelling(output, denied)}; ` +
        `make that place writable, or set RIM_AGENTS_CACHE (now ${cache}) to a folder that is`,
    );
  const where = log ? `; the whole output is in ${log}` : '';
  return new SetUpError(`${doing} failed: ${firstTelling(output, /error|fail|cannot|not found/i)}${where}`);
}

/** @param {string} output @param {RegExp} telling @returns {string} the first line that tells something */
function firstTelling(output, telling) {
  const lines = output.split('\n').map((line) => line.trim());
  return lines.find((line) => telling.test(line)) ?? lines.find(Boolean) ?? 'it printed nothing';
}
