const minute = 60_000;

/** How far apart two clocks are: `3 h 20 min behind`, `2 d 4 h ahead of`. */
export function clockDifference(host: Date, here: Date): string {
  const minutes = Math.round(Math.abs(host.getTime() - here.getTime()) / minute);
  const units = [
    [Math.floor(minutes / 1440), 'd'],
    [Math.floor(minutes / 60) % 24, 'h'],
    [minutes % 60, 'min'],
  ] as const;
  const largest = units.filter(([count]) => count > 0).slice(0, 2);
  const span = largest.map(([count, unit]) => `${count} ${unit}`).join(' ') || 'less than a minute';
  return `${span} ${host < here ? 'behind' : 'ahead of'}`;
}
