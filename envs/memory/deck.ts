import type { Generator } from 'gym-js';

/** Cards of a deck, as POPGym counts them. */
const deckSize = 52;

/** Cards that were shuffled, and how many of them were dealt, from the last to the first. */
export interface Deck {
  order: number[];
  dealt: number;
}

/** `decks` decks of 52 cards in one, shuffled by the draws that POPGym makes. */
export function shuffledDeck(decks: number, random: Generator): Deck {
  const order = Array.from({ length: decks * deckSize }, (_, card) => card);
  random.shuffle(order);
  return { order, dealt: 0 };
}

/** Deals the next card. */
export function deal(deck: Deck): number {
  deck.dealt += 1;
  return dealtCard(deck, deck.dealt);
}

/** The card that was dealt as the `turn`-th, from 1. */
export function dealtCard({ order }: Deck, turn: number): number {
  return order[order.length - turn] as number;
}

/** Number of cards in `decks` decks. */
export function cardsIn(decks: number): number {
  return decks * deckSize;
}

/** What of a card counts, and how many kinds there are of it. */
export const features = {
  colors: { kinds: 2, of: (card: number): number => card % 2 },
  suits: { kinds: 4, of: (card: number): number => card % 4 },
  ranks: { kinds: 13, of: (card: number): number => Math.floor((card % deckSize) / 4) },
} as const;

export const suits = features.suits;
