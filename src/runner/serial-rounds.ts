/** Splits hosts into the rounds of `serial`: counts or percentages; the last one repeats until all hosts are in. */
export function serialRounds<T>(
  hosts: readonly T[],
  serial: readonly (number | string)[] | undefined,
): readonly (readonly T[])[] {
  if (!serial || serial.length === 0) return hosts.length > 0 ? [hosts] : [];
  const rounds: (readonly T[])[] = [];
  for (let start = 0, n = 0; start < hosts.length; n++) {
    const size = roundSize(serial[Math.min(n, serial.length - 1)] ?? hosts.length, hosts.length);
    rounds.push(hosts.slice(start, start + size));
    start += size;
  }
  return rounds;
}

function roundSize(size: number | string, total: number): number {
  const text = String(size);
  const count = text.endsWith('%') ? Math.floor((Number(text.slice(0, -1)) / 100) * total) : Number(text);
  return Math.max(1, count);
}
