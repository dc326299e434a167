/** Whose lines are meant: by names that the lines carry, or by addresses from which they come; * stands for any. */
export interface SenderChoice {
  readonly hosts?: readonly string[];
  readonly addresses?: readonly string[];
}

/** The condition of RainerScript that is true for lines of these senders. */
export function senderCondition({ hosts = [], addresses = [] }: SenderChoice): string {
  const all = [
    ...hosts.map((host) => comparison('$hostname', host)),
    ...addresses.map((address) => comparison('$fromhost-ip', address)),
  ];
  return all.length === 1 ? (all[0] ?? '') : `(${all.join(' or ')})`;
}

// Of a pattern only what can stand in a name or an address is there; no dot may stand for another character.
function comparison(property: string, pattern: string): string {
  if (!pattern.includes('*')) return `${property} == "${pattern}"`;
  const beginning = pattern.slice(0, -1);
  if (!beginning.includes('*') && pattern.endsWith('*') && beginning !== '')
    return `${property} startswith "${beginning}"`;
  return `re_match(${property}, "^${pattern.replaceAll('.', '[.]').replaceAll('*', '.*')}$")`;
}
