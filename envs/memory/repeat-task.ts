import { Discrete, type Generator } from 'gym-js';
import { EpisodicEnv } from '../episodic-env.ts';
import { requireWhole } from '../ranges.ts';
import { deal, dealtCard, type Deck, shuffledDeck, suits } from './deck.ts';

/** What POPGym's RepeatFirst and RepeatPrevious share: cards are dealt one by one, seen and named by their suits. */
export abstract class RepeatTask extends EpisodicEnv<number, number, Deck> {
  readonly observationSpace = new Discrete(suits.kinds);
  readonly actionSpace = new Discrete(suits.kinds);
  private readonly decks: number;

  /** @param decks of 52 cards that are dealt in an episode. Throws UserError unless 1..64 */
  constructor(decks: number) {
    super();
    requireWhole('decks', decks, 1, 64);
    this.decks = decks;
  }

  protected begin(random: Generator): Deck {
    const deck = shuffledDeck(this.decks, random);
    deal(deck);
    return deck;
  }

  protected observe(deck: Deck): number {
    return suits.of(dealtCard(deck, deck.dealt));
  }
}
