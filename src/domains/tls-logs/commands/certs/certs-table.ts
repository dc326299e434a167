import { padTo, shorten, textWidth, wrapWords } from '../../../../report/fitted-text.ts';
import { counted } from '../../../../report/host-list.ts';
import type { Output } from '../../../../report/screen.ts';
import { certificateName, certificatesSummary, oneLine } from './certs-advice.ts';
import type { CertificatesDocument, LineStore, ShownCertificate, UnseenHost } from './certs-document.ts';

const stageNames = ['issued', 'deployed', 'served'] as const;
const here = 'control node';

interface Layout extends Pick<Output, 'paint' | 'width'> {
  /** Columns of the hosts' names. */
  readonly left: number;
  readonly verbose: boolean;
}

/** Everything for a person: a block for each certificate, what was not seen, what is due, what to do. */
export function certificatesTable(
  document: CertificatesDocument,
  { paint, width }: Pick<Output, 'paint' | 'width'>,
  verbose: boolean,
): readonly string[] {
  const { certificates, unseen, stores, next } = document;
  const hosts = [...certificates.map(({ host }) => host ?? here), ...unseen.map(({ host }) => host)];
  const left = Math.min(20, Math.max(0, ...hosts.map(textWidth)));
  const layout = { paint, width: Math.min(width, 120), left, verbose };
  const blocks = [
    ...certificates.map((one) => certificateBlock(one, layout)),
    ...unseen.map((one) => unseenBlock(one, layout)),
  ];
  const style = document.exitCode === 0 ? 'green' : document.exitCode === 2 ? 'yellow' : 'red';
  return [
    ...blocks.flatMap((block) => [...block, '']),
    ...stores.flatMap((one) => wrapWords(storeText(one), layout.width)),
    ...(stores.length > 0 ? [''] : []),
    ...wrapWords(certificatesSummary(document), layout.width).map((line) => paint(style, line)),
    ...next.map((step) => `${paint('bold', 'next:')} ${step}`),
  ];
}

function storeText({ host, directory, encrypted, encryption }: LineStore): string {
  return `received lines on ${host} lie in ${directory}, ${encrypted ? `encrypted by ${encryption}` : 'in the clear'}`;
}

function certificateBlock(one: ShownCertificate, layout: Layout): readonly string[] {
  const { paint, width, left, verbose } = layout;
  const { host, place, due, notAfter } = one;
  const room = width - left - 2;
  const word = due.length > 0 ? 'DUE' : 'ok';
  const status = `${remaining(one)}  ${paint(due.length > 0 ? 'red' : 'green', word)}`;
  const names = one.names?.length ? oneLine(one.names.join(', ')) : certificateName(one);
  const nameRoom = room - remaining(one).length - 7;
  const name = verbose ? names : shorten(names, nameRoom);
  const head = `${paint('bold', padTo(shorten(host ?? here, left), left))}  ${padTo(name, nameRoom)}  ${status}`;
  const stages = stagesText(one);
  const facts = [
    ...(notAfter === undefined ? [] : [`until ${notAfter.slice(0, 10)}`]),
    ...(one.issuer === undefined || one.issuer === one.subject ? [] : [`from ${one.issuer}`]),
    ...(one.serial === undefined ? [] : [`serial ${verbose ? one.serial : cut(one.serial, 8)}`]),
    ...(one.fingerprint === undefined || verbose ? [] : [`SHA-256 ${cut(one.fingerprint, 11)}`]),
  ];
  const lines = [
    ...(place === name ? [] : wrapWords(stages === '' ? place : `${place}: ${stages}`, room)),
    ...wrapParts(facts, room),
    ...stageNames.flatMap((name) => (one.stages[name]?.notes ?? []).flatMap((note) => wrapWords(note, room))),
    ...(verbose ? wholeLines(one) : []),
  ].filter((line) => line !== '');
  const reasons = due.flatMap(({ message }) =>
    wrapWords(`due: ${message}`, room).map((line) => paint('yellow', line)),
  );
  return [
    head.trimEnd(),
    ...[...lines.map((line) => paint('dim', line)), ...reasons].map((line) => indent(line, left)),
  ];
}

function unseenBlock({ host, reason, task, message, hint }: UnseenHost, layout: Layout): readonly string[] {
  const { paint, width, left } = layout;
  const texts = {
    unreachable: `unreachable: ${message}`,
    failed: `failed: ${message}`,
    incomplete: `would fail: ${task}: ${message}`,
    pending: `${task}: ${message}`,
  };
  const lines = wrapWords(
    [texts[reason], ...(hint === undefined ? [] : [hint])].join('\n'),
    width - left - 2,
  );
  const head = `${paint('bold', padTo(shorten(host, left), left))}  ${paint('red', lines[0] ?? '')}`;
  return [head, ...lines.slice(1).map((line) => indent(line, left))];
}

// Facts stay whole where they fit a line.
function wrapParts(parts: readonly string[], width: number): readonly string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    const longer = last === undefined ? part : `${last}, ${part}`;
    if (last !== undefined && textWidth(longer) < width) lines[lines.length - 1] = longer;
    else if (last === undefined) lines.push(part);
    else {
      lines[lines.length - 1] = `${last},`;
      lines.push(part);
    }
  }
  return lines.flatMap((line) => wrapWords(line, width));
}

function indent(line: string, left: number): string {
  return `${' '.repeat(left + 2)}${line}`;
}

function remaining({ daysLeft, notAfter, due, stages }: ShownCertificate): string {
  if (Object.values(stages).every(({ fingerprints }) => fingerprints.length === 0)) return 'none';
  if (daysLeft === undefined || notAfter === undefined) return 'unknown';
  if (due.some(({ code }) => code === 'not-yet-valid')) return 'not yet valid';
  return daysLeft < 0 ? 'expired' : `${counted(daysLeft, 'day')} left`;
}

/** Which stages hold the same: `issued = deployed = served`, `issued != deployed = served`, `issued, not served`. */
function stagesText({ stages }: ShownCertificate): string {
  const groups = new Map<string, string[]>();
  const empty: (typeof stageNames)[number][] = [];
  for (const name of stageNames) {
    const stage = stages[name];
    if (stage === undefined) continue;
    const held = stage.fingerprints.toSorted().join();
    if (held === '') empty.push(name);
    else groups.set(held, [...(groups.get(held) ?? []), name]);
  }
  // A CA on the control node is nowhere else: nothing to compare.
  if (Object.keys(stages).length === 1 && empty.length === 0) return '';
  const same = [...groups.values()].map((names) => names.join(' = ')).join(' != ');
  return [...(same === '' ? [] : [same]), ...empty.map((name) => `not ${name}`)].join(', ');
}

function wholeLines({ subject, stages, notBefore }: ShownCertificate): readonly string[] {
  return [
    ...(subject === undefined ? [] : [`subject ${subject}`]),
    ...(notBefore === undefined ? [] : [`valid from ${notBefore}`]),
    ...stageNames.flatMap((name) =>
      (stages[name]?.fingerprints ?? []).map((one) => `${padTo(name, 8)} ${one}`),
    ),
  ];
}

function cut(text: string, length: number): string {
  return text.length <= length + 2 ? text : `${text.slice(0, length)}..`;
}
