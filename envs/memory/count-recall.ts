import { Discrete, type Generator, type Info, MultiDiscrete } from 'gym-js';
import { EpisodicEnv, type Outcome } from '../episodic-env.ts';
import { requireOneOf, requireWhole } from '../ranges.ts';
import { cardsIn, deal, dealtCard, type Deck, features, shuffledDeck } from './deck.ts';

export interface CountRecallOptions {
  /** Decks of 52 cards, 1..64; default 1. */
  decks?: number;
  /** What of the cards is counted; default `colors`. */
  feature?: keyof typeof features;
}

/** What is counted, and what is asked for, each from a deck of its own. */
interface Counting {
  values: Deck;
  queries: Deck;
}

/**
 * Say how often a kind of card has been dealt so far (POPGym's CountRecall).
 *
 * Observation: the kind of the card that was just dealt, and the kind that is asked for. Action: the count of that kind
 * among all cards dealt so far, 0..m, where m cards of a deck are of one kind. Every step is worth 1 / (cards - 1) if
 * the count is right and minus that if not; the last card ends the episode after cards - 1 steps. Random actions return
 * 2 / (m + 1) - 1, counting returns 1.
 */
export class CountRecall extends EpisodicEnv<Int32Array, number, Counting> {
  readonly observationSpace: MultiDiscrete;
  readonly actionSpace: Discrete;
  private readonly decks: number;
  private readonly feature: (typeof features)[keyof typeof features];

  /** Throws UserError for an option outside its range. */
  constructor({ decks = 1, feature = 'colors' }: CountRecallOptions = {}) {
    super();
    requireWhole('decks', decks, 1, 64);
    requireOneOf('feature', feature, Object.keys(features));
    this.decks = decks;
    this.feature = features[feature];
    const { kinds } = this.feature;
    this.observationSpace = new MultiDiscrete([kinds, kinds]);
    this.actionSpace = new Discrete(cardsIn(decks) / kinds + 1);
  }

  protected begin(random: Generator): Counting {
    const counting = { values: shuffledDeck(this.decks, random), queries: shuffledDeck(this.decks, random) };
    dealBoth(counting);
    return counting;
  }

  protected advance(counting: Counting, action: number): Outcome {
    const { order } = counting.values;
    const [, asked = 0] = this.observe(counting);
    const right = action === this.counts(counting)[asked];
    dealBoth(counting);
    const worth = 1 / (order.length - 1);
    return { reward: right ? worth : -worth, terminated: counting.values.dealt === order.length };
  }

  protected observe({ values, queries }: Counting): Int32Array {
    const { of } = this.feature;
    return Int32Array.of(of(dealtCard(values, values.dealt)), of(dealtCard(queries, queries.dealt)));
  }

  protected override inform(counting: Counting): Info {
    return { counts: this.counts(counting) };
  }

  /** How many cards of each kind were dealt. */
  private counts({ values }: Counting): number[] {
    const { kinds, of } = this.feature;
    const dealt = values.order.slice(values.order.length - values.dealt).map(of);
    return Array.from({ length: kinds }, (_, kind) => dealt.filter((other) => other === kind).length);
  }
}

function dealBoth({ values, queries }: Counting): void {
  deal(values);
  deal(queries);
}
