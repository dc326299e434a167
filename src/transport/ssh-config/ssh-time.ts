const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** Seconds of an ssh time such as `90` or `1m30s`; throws on other forms. */
export function seconds(text: string): number {
  if (!/^(?:\d+[smhdw]?)+$/i.test(text)) throw new Error(`'${text}' is not a time`);
  let sum = 0;
  for (const [, count, unit] of text.matchAll(/(\d+)([smhdw]?)/gi)) {
    sum += Number(count) * (units[(unit || 's').toLowerCase()] ?? 1);
  }
  return sum;
}
