import { Discrete, type Generator, Tuple } from 'gym-js';
import { EpisodicEnv, type Outcome } from '../episodic-env.ts';
import { requireWhole } from '../ranges.ts';
import { deal, dealtCard, type Deck, shuffledDeck, suits } from './deck.ts';

export interface AutoencodeOptions {
  /** Decks of 52 cards to remember, 1..64; default 1. */
  decks?: number;
}

/** `recited` cards, the last dealt first, were named. */
interface Recital extends Deck {
  recited: number;
}

/**
 * Watch a whole deck, then name its suits in reverse order (POPGym's Autoencode).
 *
 * Observation: 1 while cards are shown and 0 from the last card on; the suit of the card, while suits are named that of
 * no card, 0. Action: a suit. While watching nothing counts; then each suit is worth 1 / cards if it is right and minus
 * that if not. An episode has 2 cards - 1 steps. Random actions return -0.5, remembering everything returns 1.
 */
export class Autoencode extends EpisodicEnv<readonly [number, number], number, Recital> {
  readonly observationSpace = new Tuple([new Discrete(2), new Discrete(suits.kinds)]);
  readonly actionSpace = new Discrete(suits.kinds);
  private readonly decks: number;

  /** Throws UserError for an option outside its range. */
  constructor({ decks = 1 }: AutoencodeOptions = {}) {
    super();
    requireWhole('decks', decks, 1, 64);
    this.decks = decks;
  }

  protected begin(random: Generator): Recital {
    const deck = shuffledDeck(this.decks, random);
    deal(deck);
    return { ...deck, recited: 0 };
  }

  protected advance(recital: Recital, action: number): Outcome {
    const cards = recital.order.length;
    if (recital.dealt < cards) {
      deal(recital);
      return { reward: 0 };
    }
    const right = action === suits.of(dealtCard(recital, cards - recital.recited));
    recital.recited += 1;
    return { reward: right ? 1 / cards : -1 / cards, terminated: recital.recited === cards };
  }

  protected observe(recital: Recital): [number, number] {
    const watching = recital.dealt < recital.order.length;
    return [Number(watching), recital.recited > 0 ? 0 : suits.of(dealtCard(recital, recital.dealt))];
  }
}
