import type { Outcome } from '../episodic-env.ts';
import { deal, dealtCard, type Deck, suits } from './deck.ts';
import { RepeatTask } from './repeat-task.ts';

export interface RepeatFirstOptions {
  /** Decks of 52 cards that are dealt in an episode, 1..64; default 1. */
  decks?: number;
}

/**
 * Name the suit of an episode's first card in every step (POPGym's RepeatFirst).
 *
 * Observation: the suit of the card that was just dealt. Action: a suit. Every step is worth 1 / (cards - 1) if the
 * suit is right and minus that if not; the last card ends the episode after cards - 1 steps. Random actions return
 * -0.5, remembering the first card returns 1.
 */
export class RepeatFirst extends RepeatTask {
  /** Throws UserError for an option outside its range. */
  constructor({ decks = 1 }: RepeatFirstOptions = {}) {
    super(decks);
  }

  protected advance(deck: Deck, action: number): Outcome {
    const worth = 1 / (deck.order.length - 1);
    const right = action === suits.of(dealtCard(deck, 1));
    deal(deck);
    return { reward: right ? worth : -worth, terminated: deck.dealt === deck.order.length };
  }
}
