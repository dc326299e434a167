import type { Base } from './lab.ts';

const known: Readonly<Record<string, Base>> = {
  bookworm: 'bookworm',
  trixie: 'trixie',
  ubuntuish: 'ubuntuish',
};

/** The bases that a test runs on: its own, or those of LAB_BASES, so that what CI tries on one base can be run on each by hand. */
export function bases(...usual: readonly Base[]): readonly Base[] {
  const asked = process.env.LAB_BASES?.split(',') ?? [];
  const wanted = asked.map((name) => {
    const base = known[name];
    if (!base) throw new Error(`LAB_BASES: no base '${name}': ${Object.keys(known).join(', ')}`);
    return base;
  });
  return wanted.length > 0 ? wanted : usual;
}
