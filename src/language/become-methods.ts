/** The programs by which a user becomes another one, sudo where nothing else is said. */
export const becomeMethods = ['sudo', 'doas', 'su'] as const;
export type BecomeMethod = (typeof becomeMethods)[number];

/** The method of a name, with or without its collection; undefined for one that is not supported. */
export function becomeMethod(name: string): BecomeMethod | undefined {
  const word = name.replace(/^(ansible\.builtin|community\.general)\./, '');
  return becomeMethods.find((method) => method === word);
}
