import type { X509Certificate } from 'node:crypto';
import { padTo, textWidth, wrapWords } from '../../../../report/fitted-text.ts';
import type { Style } from '../../../../report/paint.ts';
import type { Output } from '../../../../report/screen.ts';
import { subjectLine } from '../../certificates/certificate.ts';
import type { CaOverview, PreviousRoot } from '../../private-ca/ca-overview.ts';
import type { KnownCertificate } from '../../private-ca/issued-search.ts';
import { labelled, type Row, wrappable } from './ca-rows.ts';

const day = 86_400_000;
// A CA that ends within this time is due: new roots must reach every host first.
const soonDays = 90;
const stateColours: Partial<Record<KnownCertificate['state'], Style>> = {
  valid: 'green',
  due: 'yellow',
  revoked: 'red',
};

function date(moment: Date): string {
  return moment.toISOString().slice(0, 10);
}

function nameOf(certificate: X509Certificate): string {
  return subjectLine(certificate.subject).replace(/^CN=/, '');
}

/** What `provision ca show` prints for a person, fitted to the width of the output. */
export function caText(directory: string, overview: CaOverview, now: Date, output: Output): string[] {
  const { paint, width } = output;
  const rows: readonly Row[] = [
    ['name', nameOf(overview.certificate)],
    ['serial', overview.certificate.serialNumber],
    ['SHA-256', wrappable(overview.certificate.fingerprint256)],
    ['valid', validity(overview.certificate, now)],
    [
      'certifies',
      overview.permitted.length > 0 ? `${overview.permitted.join(', ')} and names below` : 'every name',
    ],
    ['key', keyText(overview)],
    ...overview.previous.map((root, place): Row => [place === 0 ? 'before' : '', previousText(root)]),
  ];
  const colour = alarm(overview, now);
  return [
    paint('bold', `private CA in ${directory}`),
    ...labelled(rows, width).map((line) =>
      colour && line.startsWith(`  ${colour.row} `) ? paint(colour.style, line) : line,
    ),
    '',
    ...issuedTable(overview.issued, output),
  ];
}

function validity({ validFromDate, validToDate }: X509Certificate, now: Date): string {
  const left = Math.floor((validToDate.getTime() - now.getTime()) / day);
  const how = left < 0 ? 'expired: make a new one with `provision ca renew`' : `${left} days left`;
  return `${date(validFromDate)} to ${date(validToDate)}, ${how}`;
}

// The row that a person must not overlook.
function alarm(
  { certificate, trouble }: CaOverview,
  now: Date,
): { readonly row: string; readonly style: Style } | undefined {
  const left = (certificate.validToDate.getTime() - now.getTime()) / day;
  if (left < soonDays) return { row: 'valid', style: left < 0 ? 'red' : 'yellow' };
  return trouble === undefined ? undefined : { row: 'key', style: 'red' };
}

function previousText({ certificate, keyKept }: PreviousRoot): string {
  const end = `until ${date(certificate.validToDate)}`;
  return `${nameOf(certificate)}, ${end}${keyKept ? ', with its key' : ''} ${certificate.serialNumber}`;
}

function keyText({ key, trouble }: CaOverview): string {
  if (trouble !== undefined) return trouble;
  return key === 'encrypted' ? 'encrypted with a passphrase' : 'not encrypted';
}

function issuedTable(issued: readonly KnownCertificate[], { paint, width }: Output): string[] {
  if (issued.length === 0) return ['nothing issued yet'];
  const serialWidth = Math.max(...issued.map(({ serial }) => serial.length));
  const stateWidth = 'superseded'.length;
  const room = width - serialWidth - 'YYYY-MM-DD'.length - stateWidth - 6;
  const namesOf = ({ names }: KnownCertificate) => names.join(', ');
  const widths = issued.map((one) => textWidth(namesOf(one))).filter((wanted) => wanted <= room);
  const nameWidth = Math.max('ISSUED FOR'.length, ...widths);
  const line = (names: string, ...cells: readonly string[]) =>
    [padTo(names, nameWidth), ...cells].join('  ').trimEnd();
  return [
    paint('bold', line('ISSUED FOR', padTo('SERIAL', serialWidth), 'UNTIL     ', 'STATE')),
    ...issued.flatMap((one) => {
      const names = namesOf(one);
      const state = paint(stateColours[one.state] ?? 'dim', one.state);
      const cells = [padTo(one.serial, serialWidth), one.notAfter.slice(0, 10), state];
      if (textWidth(names) <= nameWidth) return [line(names, ...cells)];
      // A name that is cut in two could not be copied: what does not fit gets lines of its own.
      return [...wrapWords(names, width), line('', ...cells)];
    }),
  ];
}
