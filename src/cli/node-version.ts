/**
 * Why this Node cannot run provision and what to do; undefined when it can.
 * @param range `engines.node` of package.json
 * @param script path of the file that was started
 */
export function nodeComplaint(version: string, range: string, script: string): string | undefined {
  const have = numbers(version.replace(/^v/, ''));
  if (range.split('||').some((part) => satisfies(have, part.trim()))) return undefined;
  return [
    `provision needs Node ${range}; this is ${version}.`,
    'To run it on a newer one without installing that:',
    `  npx -y -p node@24 -- node ${script} --help`,
    'In a checkout, `npm ci` brings a Node 24 that every `npm run` uses.',
  ].join('\n');
}

function satisfies(have: readonly number[], part: string): boolean {
  const lowest = numbers(part.replace(/^(?:\^|>=)/, ''));
  if (part.startsWith('^') && have[0] !== lowest[0]) return false;
  for (const [index, number] of lowest.entries()) {
    const difference = (have[index] ?? 0) - number;
    if (difference !== 0) return difference > 0;
  }
  return true;
}

function numbers(version: string): number[] {
  return version.split('.').map((part) => Number.parseInt(part, 10));
}
