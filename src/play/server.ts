import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { bundleFiles } from '../../agents/bundle/files.ts';
import { loadBundle } from '../../agents/bundle/load-bundle.ts';
import { findGame } from '../../envs/atari/index.ts';
import { UserError } from '../errors.ts';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
};

/**
 * Serves, on this machine alone, a page on which an agent plays: all of it is computed in the browser.
 * @param path folder of a run or of a bundle; of a run that goes on, every loading of the page takes the newest agent
 * @param port 0 for any that is free
 * @returns the page's address, and what ends the service
 * @throws UserError where there is no agent, it is damaged, or plays no game of Atari; or the port is taken
 */
export async function servePage(
  path: string,
  port: number,
): Promise<{ readonly address: string; readonly close: () => Promise<void> }> {
  const { game } = (await loadBundle(path)).manifest.environment;
  if (!findGame(game)) throw new UserError(`the agent in ${path} plays ${game}; the page shows games of Atari alone`);
  const program = await build({
    entryPoints: [here('page.ts')],
    ...{ bundle: true, format: 'esm', minify: true, write: false, logLevel: 'silent' },
  });
  const server = createServer(answer(files(path), program.outputFiles[0]?.contents ?? new Uint8Array()));
  await listening(server, port);
  return {
    address: `http://localhost:${(server.address() as AddressInfo).port}/`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** By the path of their URL; nothing else is served. */
function files(path: string): ReadonlyMap<string, string> {
  const ale = here('../../envs/ale-wasm/dist');
  const backend = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json'));
  const tfjs = join(backend, 'dist');
  return new Map([
    ['/', here('page.html')],
    ...['', '/agent'].flatMap((folder) =>
      Object.values(bundleFiles).map((name) => [`/run${folder}/${name}`, join(path, folder, name)] as const),
    ),
    ...['ale.json', 'ale.wasm'].map((name) => [`/ale/${name}`, join(ale, name)] as const),
    ...readdirSync(join(ale, 'roms')).map((name) => [`/ale/roms/${name}`, join(ale, 'roms', name)] as const),
    ...readdirSync(tfjs).flatMap((name) => (name.endsWith('.wasm') ? [[`/tfjs/${name}`, join(tfjs, name)]] : [])),
  ] as [string, string][]);
}

function answer(served: ReadonlyMap<string, string>, program: Uint8Array): RequestListener {
  return ({ url = '/' }, response) => {
    const [path = ''] = url.split('?');
    if (path === '/page.js') {
      response.writeHead(200, { 'content-type': 'text/javascript; charset=utf-8' }).end(program);
      return;
    }
    const file = served.get(path);
    if (file === undefined) {
      response.writeHead(404).end();
      return;
    }
    const type = types[extname(file)] ?? 'application/octet-stream';
    readFile(file).then(
      (content) => response.writeHead(200, { 'content-type': type, 'cache-control': 'no-cache' }).end(content),
      ({ code }: NodeJS.ErrnoException) =>
        response.writeHead(code === 'ENOENT' || code === 'ENOTDIR' ? 404 : 500).end(),
    );
  };
}

async function listening(server: Server, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('listening', resolve);
    server.once('error', (error: NodeJS.ErrnoException) => {
      const reason = { EADDRINUSE: 'is taken', EACCES: 'needs rights' }[error.code ?? ''];
      reject(reason === undefined ? error : new UserError(`--port ${port} ${reason}; give another, such as 8081`));
    });
    server.listen(port, '127.0.0.1');
  });
}

function here(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}
