import {
  DeprecatedEnv,
  GymError,
  NameNotFound,
  NamespaceNotFound,
  RegistrationError,
  VersionNotFound,
} from '../errors.ts';
import { importByName } from '../import-by-name.ts';
import { warn } from '../warnings.ts';
import { closest } from './closest.ts';
import { type EnvId, envId, parseEnvId } from './env-id.ts';
import { EnvSpec, type EnvSpecOptions } from './env-spec.ts';

/** All registered environments by their ids (gymnasium.registry). */
export const registry = new Map<string, EnvSpec>();

/**
 * Makes an environment known to `make` (gymnasium.register). Throws GymError for a malformed id or where there is
 * neither `entryPoint` nor `vectorEntryPoint`; RegistrationError where the same name is registered with versions and
 * this one has none, or the other way round. An id that is registered already is replaced, with a warning.
 */
export function register(options: EnvSpecOptions): void {
  const added = new EnvSpec(options);
  if (added.entryPoint === undefined && added.vectorEntryPoint === undefined) {
    throw new GymError(`${added.id}: give an entryPoint, a vectorEntryPoint or both`);
  }
  const other = named(added).find(({ version }) => (version === undefined) !== (added.version === undefined));
  if (other) {
    const which = added.version === undefined ? 'without a version' : 'with a version';
    throw new RegistrationError(`cannot register "${added.id}" ${which}: "${other.id}" is registered already`);
  }
  if (registry.has(added.id)) warn(`"${added.id}" was registered already and is replaced`);
  registry.set(added.id, added);
}

/**
 * The spec registered under exactly this id (gymnasium.spec). Throws NamespaceNotFound, NameNotFound, VersionNotFound
 * or DeprecatedEnv where there is none.
 */
export function spec(id: string): EnvSpec {
  const found = registry.get(id);
  if (found) return found;
  const asked = parseEnvId(id);
  refuseUnknown(asked);
  throw new VersionNotFound(`"${id}" is not registered; it has ${versions(asked)}`);
}

/**
 * The spec that `make` takes for an id: `module:id` imports the module first, so that it registers its environments; an
 * id without a version means the latest one, with a warning; a version that is not the latest is warned of. Throws as
 * `spec` does, and GymError where the module cannot be imported.
 */
export async function findSpec(id: string): Promise<EnvSpec> {
  const { module, name } = splitModule(id);
  if (module !== undefined) await importModule(module);
  const asked = parseEnvId(name);
  const latest = latestVersion(asked);
  if (latest?.version === undefined) return spec(name);
  if (asked.version === undefined) {
    warn(`"${name}" has no version: the latest, "${latest.id}", is taken`);
    return latest;
  }
  const found = spec(name);
  if (latest.version > asked.version) warn(`"${name}" is out of date: consider "${latest.id}"`);
  return found;
}

/** `module:id` taken apart at its last colon; an id that is registered with its colon is left whole. */
export function splitModule(id: string): { module: string | undefined; name: string } {
  const colon = registry.has(id) ? -1 : id.lastIndexOf(':');
  return { module: colon > 0 ? id.slice(0, colon) : undefined, name: id.slice(colon + 1) };
}

/** What `import()` gives for a package or a URL. Throws GymError where it fails. */
export async function importModule(module: string): Promise<Record<string, unknown>> {
  try {
    return (await importByName(module)) as Record<string, unknown>;
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new GymError(`cannot import "${module}": ${reason}`, { cause: error });
  }
}

/** Throws what says best why no such environment is registered; returns for a known name without its version. */
function refuseUnknown(asked: EnvId): void {
  const { namespace, name, version } = asked;
  const namespaces = new Set([...registry.values()].map((registered) => registered.namespace ?? ''));
  if (namespace !== undefined && !namespaces.has(namespace)) {
    const meant = closest(namespace, [...namespaces]);
    const mend = meant ? `did you mean "${meant}"?` : 'import the package that registers it';
    throw new NamespaceNotFound(`namespace "${namespace}" is not registered; ${mend}`);
  }
  const known = named(asked);
  if (known.length === 0) throw new NameNotFound(unknownName(asked));
  if (version === undefined) return;
  // Of one name all have a version, or the only one has none.
  const latest = latestVersion(asked) ?? known[0];
  if (latest && version < (latest.version ?? Infinity)) {
    throw new DeprecatedEnv(`"${envId(asked)}" is not registered any more; take "${latest.id}"`);
  }
  const whole = envId({ namespace, name, version: undefined });
  throw new VersionNotFound(`version v${version} of "${whole}" is not registered; it has ${versions(asked)}`);
}

function unknownName({ namespace, name }: EnvId): string {
  const all = [...registry.values()];
  const here = all.filter((registered) => registered.namespace === namespace);
  const meant = closest(
    name,
    here.map((registered) => registered.name),
  );
  const elsewhere = all.find((registered) => registered.name === name);
  const suggested = here.findLast((registered) => registered.name === meant) ?? elsewhere;
  const mend = suggested ? `did you mean "${suggested.id}"?` : 'import the package that registers it';
  return `environment "${envId({ namespace, name, version: undefined })}" is not registered; ${mend}`;
}

/** All that are registered under the same namespace and name. */
function named({ namespace, name }: Pick<EnvId, 'namespace' | 'name'>): EnvSpec[] {
  return [...registry.values()].filter((other) => other.namespace === namespace && other.name === name);
}

function latestVersion(asked: EnvId): EnvSpec | undefined {
  const versioned = named(asked).filter(({ version }) => version !== undefined);
  return versioned.sort((a, b) => (a.version ?? 0) - (b.version ?? 0)).at(-1);
}

function versions(asked: EnvId): string {
  return named(asked)
    .sort((a, b) => (a.version ?? -1) - (b.version ?? -1))
    .map(({ version }) => (version === undefined ? 'no version' : `v${version}`))
    .join(', ');
}
