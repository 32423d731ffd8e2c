import { z } from 'zod';
import {
  checkCoreOptions,
  type CoreKind,
  coreKinds,
  type CoreOptions,
  rimDefaults,
  type RimOptions,
} from '../../agents/cores/options.ts';
import { coreLimits, mostDropout, nativeRimLimits } from '../../agents/cores/limits.ts';
import { UserError } from '../errors.ts';
import { flagName } from './flag-name.ts';
import { count, fraction, setting } from './setting.ts';

/** What a command's table has where its user says nothing. */
interface CoreDefaults {
  readonly core: CoreKind;
  readonly modules: number;
  readonly units: number;
  readonly active: number;
  /** Units of lstm and gru. */
  readonly hidden: number;
  /** Of brim, as its flag takes them. */
  readonly layers: string;
  readonly commKey: number;
  readonly commValue: number;
  readonly dropout: number;
  /** Where they come from; what has no source is ours. */
  readonly sources?: Partial<Readonly<Record<'sizes' | 'layers' | 'dropout', string | undefined>>>;
}

/** The layers of a BRIM, where a task has none of its own. */
export const mnistLayers = {
  layers: '6x50:4,3x100:2',
  source: 'Mittal et al. 2020, sequential MNIST, unverified',
} as const;

const goyal = 'Goyal et al. 2019';
export const authors = "the RIM authors' code";
const group = 'network';

/** The settings of a core, to be spread into a command's table; `core` itself is the first. */
export function coreSettings(defaults: CoreDefaults) {
  const { sizes: source, layers, dropout } = defaults.sources ?? {};
  const standard = rimDefaults(1);
  return {
    core: setting(z.enum(coreKinds).default(defaults.core), {
      group: 'run',
      text: 'the part of the network that has memory',
    }),
    modules: setting(count(defaults.modules, coreLimits.modules), { group, text: 'rim: modules', source }),
    units: setting(count(defaults.units, coreLimits.units), { group, text: 'rim: units per module', source }),
    active: setting(count(defaults.active, coreLimits.active), {
      group,
      text: 'rim: modules active in each step',
      source,
    }),
    layers: setting(z.string().default(defaults.layers), {
      group,
      text: 'brim: modules x units : active of each layer, the lowest first',
      source: layers,
      placeholder: 'layers',
    }),
    hidden: setting(count(defaults.hidden, coreLimits.hidden), { group, text: 'lstm, gru: units' }),
    rnn: setting(z.enum(['lstm', 'gru']).default(standard.rnn), {
      group,
      text: 'rim, brim: what an active module does with its state',
      source: goyal,
    }),
    readInactive: setting(z.enum(['state', 'candidate']).default(standard.readInactive), {
      group,
      text: "rim, brim: what others read of an inactive module: its state, or (the authors' code) its next one",
      source: goyal,
    }),
    inputAttention: setting(z.boolean().default(standard.inputAttention), {
      group,
      text: 'rim, brim: every module reads the input evenly (only with all modules active)',
      source: `${goyal}, ablation`,
    }),
    inputHeads: setting(count(standard.inputHeads, coreLimits.inputHeads), {
      group,
      text: 'rim, brim: heads of the attention to the input',
      source: authors,
    }),
    inputKey: setting(count(standard.inputKey, coreLimits.inputKey), {
      group,
      text: "rim, brim: width of one head's key",
      source: authors,
    }),
    inputValue: setting(z.number().int().min(1).max(coreLimits.inputValue).optional(), {
      group,
      text: "rim, brim: width of one head's value (4 x units)",
      source: authors,
    }),
    inputElements: setting(count(standard.inputElements, coreLimits.inputElements), {
      group,
      text:
        'rim, brim: parts of one width into which the features are cut, each attended to by itself; ' +
        'above 16 (15 in a BRIM of several layers) the portable kernels compute it, slower and in float32',
    }),
    communication: setting(z.boolean().default(standard.communication), {
      group,
      text: 'rim, brim: modules do not read from each other',
      source: `${goyal}, ablation`,
    }),
    commGate: setting(z.boolean().default(standard.commGate), {
      group,
      text: 'rim, brim: gate what a module reads from the others',
      source: authors,
    }),
    commHeads: setting(count(standard.commHeads, coreLimits.commHeads), {
      group,
      text: 'rim, brim: heads of communication',
      source: authors,
    }),
    commKey: setting(count(defaults.commKey, coreLimits.commKey), {
      group,
      text: "rim, brim: width of one head's key in communication",
      source: authors,
    }),
    commValue: setting(count(defaults.commValue, coreLimits.commValue), {
      group,
      text: "rim, brim: width of one head's value in communication",
      source: authors,
    }),
    dropout: setting(fraction(defaults.dropout, mostDropout), {
      group,
      text: 'rim, brim: share dropped of what is read of the input, and inside communication',
      source: dropout,
    }),
    rimInit: setting(z.enum(['orthogonal', 'paper']).default('orthogonal'), {
      group,
      text: "rim, brim: first weights, orthogonal or drawn as in the authors' sequence tasks",
    }),
  };
}

type AllSettings = z.infer<z.ZodObject<ReturnType<typeof coreSettings>>>;
/** What a table with {@link coreSettings} in it gives; one may leave dropout out. */
export type CoreSettings = Omit<AllSettings, 'dropout'> & Partial<Pick<AllSettings, 'dropout'>>;

/** @throws UserError naming the settings and the mend where they contradict each other */
export function checkCore(settings: CoreSettings): void {
  checkCoreOptions(coreOptions(settings));
}

/**
 * The core that the settings ask for.
 * @throws UserError if `layers` cannot be read
 */
export function coreOptions(settings: CoreSettings): CoreOptions {
  const { core, modules, units, active } = settings;
  switch (core) {
    case 'rim':
      return { kind: core, ...rimOptions(settings, { modules, units, active }) };
    case 'brim':
      return {
        kind: core,
        layers: layersOf(settings.layers).map((layer, l) => ({
          ...rimOptions(settings, layer),
          ...(l > 0 && { inputElements: 1 }), // only the features are cut; a layer's state is one element
        })),
      };
    case 'lstm':
    case 'gru':
      return { kind: core, units: settings.hidden };
    case 'ff':
      return { kind: core };
  }
}

type LayerSize = Pick<RimOptions, 'modules' | 'units' | 'active'>;

function rimOptions(settings: CoreSettings, size: LayerSize): RimOptions {
  const { rnn, readInactive, inputAttention, inputHeads, inputKey, inputElements } = settings;
  const { communication, commGate, commHeads, commKey, commValue, dropout = 0 } = settings;
  return {
    ...{ ...size, rnn, readInactive, inputAttention, inputHeads, inputKey },
    ...{ inputValue: settings.inputValue ?? rimDefaults(size.units).inputValue, inputElements },
    ...{ communication, commGate, commHeads, commKey, commValue, dropout, initialisation: settings.rimInit },
  };
}

/** Reads `6x50:4,3x100:2`. */
function layersOf(text: string): LayerSize[] {
  const { layers: mostLayers, modules: mostModules, units: mostUnits } = coreLimits;
  const layers = text.split(',');
  if (layers.length > mostLayers)
    throw new UserError(`--layers names ${layers.length} layers; a BRIM has ${mostLayers} at most`);
  return layers.map((layer) => {
    const found = /^\s*(\d+)x(\d+):(\d+)\s*$/.exec(layer)?.slice(1).map(Number);
    const [modules = 0, units = 0, active = 0] = found ?? [];
    if (modules < 1 || modules > mostModules || units < 1 || units > mostUnits || active < 1)
      throw new UserError(
        `--layers ${JSON.stringify(text)}: cannot read ${JSON.stringify(layer)}; ` +
          'each layer is modules x units : active, the lowest first, as in 6x50:4,3x100:2 ' +
          `(1 to ${mostModules} modules, 1 to ${mostUnits} units)`,
      );
    return { modules, units, active };
  });
}

const ofRims: readonly CoreKind[] = ['rim', 'brim'];
const usedBy: Readonly<Record<Exclude<keyof CoreSettings, 'core'>, readonly CoreKind[]>> = {
  ...{ modules: ['rim'], units: ['rim'], active: ['rim'], layers: ['brim'], hidden: ['lstm', 'gru'] },
  ...{ rnn: ofRims, readInactive: ofRims, inputAttention: ofRims, inputHeads: ofRims, inputKey: ofRims },
  ...{ inputValue: ofRims, inputElements: ofRims, communication: ofRims, commGate: ofRims, commHeads: ofRims },
  ...{ commKey: ofRims, commValue: ofRims, dropout: ofRims, rimInit: ofRims },
};

/** Whether a setting does something with a core; true of every setting that is not a core's. */
export function coreUses(core: string, key: string): boolean {
  const users: readonly string[] | undefined = usedBy[key as keyof typeof usedBy];
  return users === undefined || users.includes(core);
}

/**
 * Refuses settings of a core that do nothing.
 * @param given what the user said
 * @throws UserError naming one of them
 */
export function refuseUnusedCore(given: Readonly<Record<string, unknown>>, settings: CoreSettings): void {
  const { core, communication, inputAttention, inputElements } = settings;
  const isLayered = core === 'brim' && layersOf(settings.layers).length > 1;
  const elements = inputElements + (isLayered ? 1 : 0);
  if (given['precision'] === 'bf16' && ofRims.includes(core) && elements > nativeRimLimits.elements)
    throw new UserError(
      `--precision bf16 does nothing with ${elements} input elements` +
        `${isLayered ? ', the layer above being one' : ''}: above ${nativeRimLimits.elements} the portable kernels ` +
        'compute, in float32; leave it out, or take fewer',
    );
  for (const [key, value] of Object.entries(given)) {
    const flag = flagName(value === false ? `no-${key}` : key);
    const users = usedBy[key as keyof typeof usedBy];
    if (users && !users.includes(core))
      throw new UserError(
        `${flag} does nothing with --core ${core}; leave it out, or take --core ${users.join(' or ')}`,
      );
    if (/^(comm[A-Z]|readInactive)/.test(key) && ofRims.includes(core) && !communication)
      throw new UserError(`${flag} does nothing with --no-communication; leave one of them out`);
    if (key === 'inputKey' && ofRims.includes(core) && !inputAttention)
      throw new UserError(`${flag} does nothing with --no-input-attention; leave one of them out`);
  }
}
