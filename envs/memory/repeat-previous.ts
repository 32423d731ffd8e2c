import type { Outcome } from '../episodic-env.ts';
import { requireWhole } from '../ranges.ts';
import { cardsIn, deal, dealtCard, type Deck, suits } from './deck.ts';
import { RepeatTask } from './repeat-task.ts';

export interface RepeatPreviousOptions {
  /** Decks of 52 cards that are dealt in an episode, 1..64; default 1. */
  decks?: number;
  /** Which card counts: 1 the one that is seen, 2 the one before it, and so on, 1..51; default 4. */
  k?: number;
}

/**
 * Name the suit of the card that was shown k - 1 steps before the one that is seen (POPGym's RepeatPrevious).
 *
 * Observation: the suit of the card that was just dealt. Action: a suit. From the k-th card on every step is worth
 * 1 / (cards - k) if the suit is right and minus that if not; the last card ends the episode after cards - 1 steps.
 * Random actions return -0.5, remembering k cards returns 1.
 */
export class RepeatPrevious extends RepeatTask {
  private readonly k: number;

  /** Throws UserError for an option outside its range. */
  constructor({ decks = 1, k = 4 }: RepeatPreviousOptions = {}) {
    super(decks);
    requireWhole('k', k, 1, cardsIn(decks) - 1);
    this.k = k;
  }

  protected advance(deck: Deck, action: number): Outcome {
    const worth = 1 / (deck.order.length - this.k);
    const first = deck.dealt - this.k + 1;
    const right = first >= 1 && action === suits.of(dealtCard(deck, first));
    deal(deck);
    return { reward: first < 1 ? 0 : right ? worth : -worth, terminated: deck.dealt === deck.order.length };
  }
}
