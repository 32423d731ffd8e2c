import { register, registry } from 'gym-js';
import { UserError } from '../user-error.ts';
import { AtariVectorEnv } from './atari-vector-env.ts';
import type { AtariVectorOptions } from './vector-options.ts';
import { AtariEnv } from './atari-env.ts';
import { type AtariEnvOptions, atariMetadata } from './atari-env-options.ts';
import { gameNames } from './games.ts';

/** The games that had ids before ALE/...-v5. */
const legacyGames = `
  Adventure AirRaid Alien Amidar Assault Asterix Asteroids Atlantis BankHeist BattleZone BeamRider Berzerk Bowling
  Boxing Breakout Carnival Centipede ChopperCommand CrazyClimber Defender DemonAttack DoubleDunk ElevatorAction
  Enduro FishingDerby Freeway Frostbite Gopher Gravitar Hero IceHockey Jamesbond JourneyEscape Kangaroo Krull
  KungFuMaster MontezumaRevenge MsPacman NameThisGame Phoenix Pitfall Pong Pooyan PrivateEye Qbert Riverraid
  RoadRunner Robotank Seaquest Skiing Solaris SpaceInvaders StarGunner Tennis TimePilot Tutankham UpNDown Venture
  VideoPinball WizardOfWor YarsRevenge Zaxxon
`;

/**
 * Makes every id of ale-py known to gym-js's `make`: `ALE/Breakout-v5` of all games; `Breakout-v4` and `-v0`, which
 * skip 2 to 4 frames at random, and `BreakoutNoFrameskip-v4` and `-v0` of the games that had them. v0 repeats actions
 * as v5 does.
 */
export function registerAtari(): void {
  for (const game of gameNames()) registerGame(`ALE/${game}-v5`, { game, repeatActionProbability: 0.25, frameskip: 4 });
  for (const game of legacyGames.trim().split(/\s+/)) {
    for (const [version, repeatActionProbability] of [
      ['v0', 0.25],
      ['v4', 0],
    ] as const) {
      registerGame(`${game}-${version}`, { game, repeatActionProbability, frameskip: [2, 5] });
      registerGame(`${game}NoFrameskip-${version}`, { game, repeatActionProbability, frameskip: 1 });
    }
  }
}

function registerGame(id: string, options: AtariEnvOptions): void {
  if (registry.has(id)) return;
  const kwargs = { ...options, fullActionSpace: false, maxNumFramesPerEpisode: 108_000 };
  register({ id, entryPoint, kwargs, ...(id.startsWith('ALE/') && { vectorEntryPoint }) });
}

/** `make` reads from it how the environment can render. */
const entryPoint = Object.assign((options: AtariEnvOptions) => AtariEnv.create(options), { metadata: atariMetadata });

/** What `make` takes and a vector has otherwise. */
const otherwise: Readonly<Record<string, string>> = {
  obsType: 'give grayscale, true or false; there is no RAM in a vector',
  maxEpisodeSteps: 'give maxNumFramesPerEpisode, in frames',
  renderMode: 'a vector draws no pictures; make one environment with make()',
  disableEnvChecker: 'a vector has no checker; leave it out',
};

/** One environment skips frames under the name that ale-py gives it there, and a vector under that of the recipe. */
const vectorEntryPoint = ({ frameskip, ...options }: AtariVectorOptions & { frameskip?: number }) => {
  const refused = Object.keys(options).find((name) => name in otherwise);
  if (refused !== undefined) throw new UserError(`${refused} is no option of AtariVectorEnv; ${otherwise[refused]}`);
  return AtariVectorEnv.create({ ...(frameskip !== undefined && { frameSkip: frameskip }), ...options });
};
