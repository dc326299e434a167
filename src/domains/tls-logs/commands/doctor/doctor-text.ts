import { wrapWords } from '../../../../report/fitted-text.ts';
import { counted } from '../../../../report/host-list.ts';
import type { Style } from '../../../../report/paint.ts';
import type { Output } from '../../../../report/screen.ts';
import type { Finding } from './doctor-finding.ts';

const words: Readonly<Record<Finding['state'], readonly [string, Style]>> = {
  ok: ['ok   ', 'green'],
  note: ['note ', 'cyan'],
  wrong: ['wrong', 'red'],
  unreachable: ['lost ', 'red'],
};

/** What was found, this machine first, each with its fix; all in one sentence at the end. */
export function doctorText(
  findings: readonly Finding[],
  { paint, width }: Pick<Output, 'paint' | 'width'>,
): readonly string[] {
  const groups = Map.groupBy(findings, ({ host }) => host);
  const parts = [...groups].flatMap(([host, all]) => [
    paint('bold', host ?? 'this machine'),
    ...all.flatMap(({ state, text, fix }) => {
      const [word, style] = words[state];
      const [first = '', ...rest] = wrapWords(text, width - 9);
      const next = fix === undefined ? [] : wrapWords(`fix: ${fix}`, width - 9);
      return [`  ${paint(style, word)}  ${first}`, ...[...rest, ...next].map((line) => `         ${line}`)];
    }),
    '',
  ]);
  const bad = findings.filter(({ state }) => state === 'wrong' || state === 'unreachable');
  const hosts = [...groups.keys()].filter((host) => host !== undefined).length;
  const where = hosts === 0 ? 'this machine' : `this machine and ${counted(hosts, 'host')}`;
  const sum =
    bad.length === 0
      ? paint('green', `nothing is wrong with ${where}`)
      : `${paint('red', counted(bad.length, 'thing'))} to fix on ${where}`;
  return [...parts, sum];
}
