import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

const folders = { 'ale-wasm': 'envs/ale-wasm', 'gym-js': 'envs/gym-js', 'rim-layers': 'agents/layers' } as const;
export type Workspace = keyof typeof folders;

const setup = ['setup/pack.mjs', 'setup/packing.mjs'];
const parts = ['package.json', '.npmrc', 'tsconfig.json', ...setup, 'envs/ale-wasm', 'envs/gym-js', 'agents'];

/** Where a workspace lies in this repository. */
export function sourceFolder(workspace: Workspace): string {
  return join(root, folders[workspace]);
}

/** As much of the repository as packing needs, so that the one that others use meanwhile is left alone. */
export class Copy {
  readonly root = mkdtempSync(join(tmpdir(), 'rim-agents-pack-'));

  constructor() {
    for (const path of parts)
      cpSync(join(root, path), join(this.root, path), {
        recursive: true,
        verbatimSymlinks: true,
        filter: (source) => !/\.tgz$|\/lib$|\.kept$/.test(source),
      });
    symlinkSync(join(root, 'node_modules'), join(this.root, 'node_modules'));
  }

  folder(workspace: Workspace): string {
    return join(this.root, folders[workspace]);
  }

  /** Runs npm in a folder of the copy, as a user would. */
  npm(folder: string, ...args: string[]): { code: number | null; stdout: string; stderr: string } {
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_|NODE_OPTIONS/.test(name)));
    const { status, stdout, stderr } = spawnSync('npm', args, { cwd: folder, encoding: 'utf8', env });
    return { code: status, stdout, stderr };
  }

  /** Packs a workspace. @returns the archive */
  pack(workspace: Workspace): string {
    const folder = this.folder(workspace);
    const { code, stderr } = this.npm(folder, 'pack');
    if (code !== 0) throw new Error(`npm pack of ${workspace} failed: ${stderr}`);
    const { version } = JSON.parse(this.manifest(workspace)) as { version: string };
    return join(folder, `${workspace}-${version}.tgz`);
  }

  /** The text of its package.json. */
  manifest(workspace: Workspace): string {
    return readFileSync(join(this.folder(workspace), 'package.json'), 'utf8');
  }

  /** Unpacks an archive, instead of one that was unpacked before. @returns the folder with its package.json */
  unpack(archive: string): string {
    const workspace = basename(archive).replace(/-\d.*/, '') as Workspace;
    const into = join(this.root, 'unpacked', workspace);
    rmSync(into, { recursive: true, force: true });
    mkdirSync(into, { recursive: true });
    execFileSync('tar', ['xzf', archive, '-C', into]);
    return this.unpacked(workspace);
  }

  unpacked(workspace: Workspace): string {
    return join(this.root, 'unpacked', workspace, 'package');
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
