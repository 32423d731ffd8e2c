import { GymError } from '../errors.ts';

export interface EnvId {
  namespace: string | undefined;
  name: string;
  version: number | undefined;
}

const grammar = /^(?:(?<namespace>[\w:-]+)\/)?(?<name>[\w:.-]+?)(?:-v(?<version>\d+))?$/;

/** Takes `[namespace/]Name[-vVersion]` apart. Throws GymError for anything else. */
export function parseEnvId(id: string): EnvId {
  const groups = grammar.exec(id)?.groups;
  if (groups?.name === undefined) {
    throw new GymError(`malformed environment id "${id}"; ids look like [namespace/]Name[-v0]`);
  }
  const { namespace, name, version } = groups;
  return { namespace, name, version: version === undefined ? undefined : Number(version) };
}

/** The reverse of `parseEnvId`. */
export function envId({ namespace, name, version }: EnvId): string {
  return (namespace === undefined ? '' : `${namespace}/`) + name + (version === undefined ? '' : `-v${version}`);
}
