import { byName, counted } from '../../../../report/host-list.ts';
import type { CertificatesDocument, ShownCertificate, UnseenHost } from './certs-document.ts';

type Seen = Pick<CertificatesDocument, 'certificates' | 'unseen'>;
type Shown = Pick<CertificatesDocument, 'certificates' | 'unseen' | 'playbook'>;

/** The exit code of what was seen: due wins, then what would fail, then what could not be reached. */
export function certificatesExitCode({ certificates, unseen }: Seen): 0 | 1 | 2 | 4 {
  const is = (...reasons: readonly UnseenHost['reason'][]) =>
    unseen.some(({ reason }) => reasons.includes(reason));
  if (certificates.some(({ due }) => due.length > 0) || is('pending')) return 2;
  if (is('failed', 'incomplete')) return 1;
  return is('unreachable') ? 4 : 0;
}

/**
 * What is to be done, in order; [] when nothing is.
 * @param commands the whole commands, as they are typed
 */
export function nextSteps(
  { certificates, unseen }: Seen,
  commands: { readonly apply: string; readonly certs: string; renewCa(directory: string): string },
): readonly string[] {
  const due = (remedy: ShownCertificate['remedy']) => certificates.filter((one) => one.remedy === remedy);
  const issuer = due('issuer').map(
    (one) =>
      `renew ${certificateName(one)} where it was issued: with certbot, \`certbot renew\` on ${where(one)} shows why it has not been`,
  );
  const authority = due('authority').map(({ place }) => commands.renewCa(place));
  const clock = due('clock').map(
    (one) => `see that the clocks of ${where(one)} and of this machine are right`,
  );
  const failing = unseen.some(({ reason }) => reason === 'failed' || reason === 'incomplete');
  const applies = due('apply').length + issuer.length + authority.length > 0;
  const applied = applies || unseen.some(({ reason }) => reason === 'pending') ? [commands.apply] : [];
  const fix = failing ? ['fix what would fail, as shown above'] : [];
  const steps = [...fix, ...clock, ...issuer, ...authority, ...applied];
  const again = steps.length === 0 && unseen.length > 0 ? [`once they are back: ${commands.certs}`] : [];
  return [...steps, ...again];
}

/** One sentence for everything: what is due and where, or when the next one will be. */
export function certificatesSummary({ certificates, unseen, playbook }: Shown): string {
  if (certificates.length + unseen.length === 0) {
    return `no certificates: ${playbook} has no task about one for these hosts and tags`;
  }
  const due = certificates.filter((one) => one.due.length > 0);
  const absent = [...new Set(unseen.map(({ host }) => host))].toSorted(byName);
  const missing = absent.length > 0 ? `; not all was seen of ${absent.join(', ')}` : '';
  if (due.length > 0) {
    const names = due.map((one) => `${certificateName(one)} on ${where(one)}`).join(', ');
    return `${due.length} of ${counted(certificates.length, 'certificate')} due: ${names}${missing}`;
  }
  if (missing !== '')
    return `all that was seen (${counted(certificates.length, 'certificate')}) is in order${missing}`;
  const next = certificates
    .filter(({ dueIn }) => dueIn !== undefined)
    .toSorted((one, other) => (one.dueIn ?? 0) - (other.dueIn ?? 0))[0];
  if (!next) return 'all in order';
  return `all in order; next due: ${certificateName(next)} on ${where(next)} in ${counted(next.dueIn ?? 0, 'day')}`;
}

/** A certificate as sentences name it: its first DNS name, else its subject, else where it would lie. */
export function certificateName({ names = [], subject, place }: ShownCertificate): string {
  return oneLine(names[0] ?? subject ?? place);
}

/** A name without line ends and tabs: whoever makes a certificate may put them there, to write lines of ours. */
export function oneLine(text: string): string {
  return text.replaceAll(/[\n\t]/g, '?');
}

/** The host of a certificate, in words. */
function where({ host }: Pick<ShownCertificate, 'host'>): string {
  return host ?? 'the control node';
}
