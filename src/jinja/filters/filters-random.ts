import { createHash } from 'node:crypto';
import { TemplateError } from '../values/template-error.ts';
import { Undefined } from '../values/undefined.ts';
import { itemsOf, textOf } from '../values/value.ts';
import { type FilterTable, filter, numberArgument } from './filters-definition.ts';

type Items = readonly unknown[];

// The same seed gives the same numbers on every run: without one no run would ever converge.
function seeded(seed: unknown, what: string): (below: number) => number {
  if (seed === undefined) {
    const hint = `write ${what}(seed=inventory_hostname)`;
    throw new TemplateError(`${what} needs a seed`, undefined, {
      why: 'without one every run would change the hosts',
      hint,
    });
  }
  let round = 0;
  return (below) => {
    round += 1;
    const digest = createHash('sha256')
      .update(`${textOf(seed)}\n${round}`)
      .digest();
    return Number(digest.readBigUInt64BE() % BigInt(below));
  };
}

function random(value: unknown, seed: unknown, start: number, step: number): unknown {
  const next = seeded(seed, 'random');
  if (typeof value === 'number') {
    const count = Math.ceil((value - start) / step);
    if (count < 1) throw new TemplateError(`there is no number from ${start} to below ${value}`);
    return start + next(count) * step;
  }
  const items = itemsOf(value);
  return items.length === 0 ? new Undefined('the list is empty') : items[next(items.length)];
}

function shuffled(items: Items, seed: unknown): unknown[] {
  const next = seeded(seed, 'shuffle');
  const rest = [...items];
  return items.map(() => rest.splice(next(rest.length), 1)[0]);
}

/** Filters that choose by chance: the same for the same seed. */
export const randomFilters: FilterTable = {
  random: filter(['start?', 'step?', 'seed?'], (value, [start, step, seed]) =>
    random(value, seed, numberArgument(start, 0), numberArgument(step, 1)),
  ),
  shuffle: filter(['seed?'], (value, [seed]) => shuffled(itemsOf(value), seed)),
};
