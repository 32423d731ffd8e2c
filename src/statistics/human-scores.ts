/*
 * What scores are measured against. Mean scores of a player who draws every action with equal probability, and of a
 * professional tester of games; games began with 1 to 30 no-ops and were cut after half an hour (108,000 frames). The
 * figures of Badia et al. 2020 (Agent57, arXiv 2003.13350, appendix H.4), as dqn_zoo/atari_data.py of Google DeepMind
 * has them; those of random play are also those of google-research/reincarnating_rl, but for VideoPinball (there 0).
 * Games that are not among these 57 have none.
 */

/** Random, human; by the names of `npm run games`. */
const scores: ReadonlyMap<string, readonly [random: number, human: number]> = new Map(
  Object.entries({
    Alien: [227.8, 7127.7],
    Amidar: [5.8, 1719.5],
    Assault: [222.4, 742],
    Asterix: [210, 8503.3],
    Asteroids: [719.1, 47388.7],
    Atlantis: [12850, 29028.1],
    BankHeist: [14.2, 753.1],
    BattleZone: [2360, 37187.5],
    BeamRider: [363.9, 16926.5],
    Berzerk: [123.7, 2630.4],
    Bowling: [23.1, 160.7],
    Boxing: [0.1, 12.1],
    Breakout: [1.7, 30.5],
    Centipede: [2090.9, 12017],
    ChopperCommand: [811, 7387.8],
    CrazyClimber: [10780.5, 35829.4],
    Defender: [2874.5, 18688.9],
    DemonAttack: [152.1, 1971],
    DoubleDunk: [-18.6, -16.4],
    Enduro: [0, 860.5],
    FishingDerby: [-91.7, -38.7],
    Freeway: [0, 29.6],
    Frostbite: [65.2, 4334.7],
    Gopher: [257.6, 2412.5],
    Gravitar: [173, 3351.4],
    Hero: [1027, 30826.4],
    IceHockey: [-11.2, 0.9],
    Jamesbond: [29, 302.8],
    Kangaroo: [52, 3035],
    Krull: [1598, 2665.5],
    KungFuMaster: [258.5, 22736.3],
    MontezumaRevenge: [0, 4753.3],
    MsPacman: [307.3, 6951.6],
    NameThisGame: [2292.3, 8049],
    Phoenix: [761.4, 7242.6],
    Pitfall: [-229.4, 6463.7],
    Pong: [-20.7, 14.6],
    PrivateEye: [24.9, 69571.3],
    Qbert: [163.9, 13455],
    Riverraid: [1338.5, 17118],
    RoadRunner: [11.5, 7845],
    Robotank: [2.2, 11.9],
    Seaquest: [68.4, 42054.7],
    Skiing: [-17098.1, -4336.9],
    Solaris: [1236.3, 12326.7],
    SpaceInvaders: [148, 1668.7],
    StarGunner: [664, 10250],
    Surround: [-10, 6.5],
    Tennis: [-23.8, -8.3],
    TimePilot: [3568, 5229.2],
    Tutankham: [11.4, 167.6],
    UpNDown: [533.4, 11693.2],
    Venture: [0, 1187.5],
    VideoPinball: [16256.9, 17667.9],
    WizardOfWor: [563.5, 4756.5],
    YarsRevenge: [3092.9, 54576.9],
    Zaxxon: [32.5, 9173.3],
  } as const),
);

/** Scores of random play and of a human; undefined where none were published. @param game as `npm run games` has it */
export function referenceScores(game: string): { readonly random: number; readonly human: number } | undefined {
  const found = scores.get(game);
  return found && { random: found[0], human: found[1] };
}

/** What makes a game another one than that which was measured; both undefined in the latter. */
export interface Variant {
  readonly mode?: number | undefined;
  readonly difficulty?: number | undefined;
}

/**
 * 0 for random play, 1 for a human; undefined where {@link referenceScores} has nothing, or a mode or difficulty was
 * given: the published scores are of the game's own.
 */
export function humanNormalised(game: string, score: number, variant: Variant = {}): number | undefined {
  if (variant.mode !== undefined || variant.difficulty !== undefined) return undefined;
  const found = referenceScores(game);
  return found && (score - found.random) / (found.human - found.random);
}
