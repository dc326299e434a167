import { resolve } from 'node:path';
import type { Terminal } from '../../../../cli/terminal.ts';
import { ProvisionError } from '../../../../errors/problem.ts';
import { counted } from '../../../../report/host-list.ts';
import { subjectLine } from '../../certificates/certificate.ts';
import { type Renewal, renewAuthority } from '../../private-ca/authority-renewal.ts';
import { withdraw } from '../../private-ca/issued-record.ts';
import { findIssued, type KnownCertificate } from '../../private-ca/issued-search.ts';
import { print, runCaCommand } from './ca-command.ts';
import { passphraseOf } from './ca-key-holder.ts';
import type { CaRenewOptions } from './ca-options.ts';
import { newPassphrase } from './new-passphrase.ts';

/** `provision ca renew`: replaces the CA, or marks the certificates of a name as due; returns the exit code. */
export function caRenew(name: string | undefined, options: CaRenewOptions): Promise<number> {
  return runCaCommand(options, async (terminal) => {
    if (name !== undefined) return await renewName(terminal, name, options);
    const renewal = await replaceCa(options);
    printRenewal(terminal, resolve(options.directory), renewal, options.keepKey === true);
  });
}

/** Replaces the CA as the options say. */
export async function replaceCa(options: CaRenewOptions): Promise<Renewal> {
  const { name, days, permit: permitted, keepKey, newPassphrase: asked, newPassphraseFile: file } = options;
  const directory = resolve(options.directory);
  const wantsNew = asked === true || file !== undefined;
  return await renewAuthority(
    directory,
    {
      name,
      days,
      permitted,
      ...(keepKey && { keepKey }),
      passphrase: passphraseOf(options),
      newPassphrase: wantsNew ? () => newPassphrase('--new-passphrase', asked, file) : undefined,
    },
    new Date(),
  );
}

/** Prints what a CA was replaced by, and what follows. */
export function printRenewal(
  terminal: Terminal,
  directory: string,
  { before, after }: Renewal,
  keyKept: boolean,
): void {
  const common = (subject: string) => subjectLine(subject).replace(/^CN=/, '');
  print(
    terminal,
    `replaced the private CA in ${directory}`,
    [
      [
        'before',
        `${common(before.subject)}, kept as previous/${before.serialNumber}.pem${keyKept ? ' with its key' : '; its key is destroyed here (not in your backups)'}`,
      ],
      ['now', `${common(after.subject)}, until ${after.validToDate.toISOString().slice(0, 10)}`],
    ],
    'Now run `provision apply PLAYBOOK`: hosts learn to trust the new one, get new certificates from it, and then forget the old one. What `provision ca issue` made must be issued again by you.',
  );
}

async function renewName(terminal: Terminal, name: string, options: CaRenewOptions): Promise<void> {
  const now = new Date();
  const directory = resolve(options.directory);
  const rootOnly = ['name', 'days', 'permit', 'keepKey', 'newPassphrase', 'newPassphraseFile'] as const;
  const misplaced = rootOnly.filter((option) => options[option] !== undefined);
  if (misplaced.length > 0)
    throw new ProvisionError([
      {
        code: 'usage',
        message: `these options are about the CA, not about one certificate: ${misplaced.map(flag).join(', ')}`,
        hint: `\`provision ca renew\` without '${name}' replaces the CA`,
      },
    ]);
  const inUse = findIssued(directory, name, now).filter(({ state }) => state === 'valid' || state === 'due');
  if (inUse.length === 0)
    throw new ProvisionError([
      {
        code: 'unknown-certificate',
        message: `no certificate of '${name}' is valid any more`,
        hint: '`provision apply` issues a new one by itself where it is needed',
      },
    ]);
  const serials = inUse.filter(({ state }) => state === 'valid').map(({ serial }) => serial);
  if (serials.length > 0) await withdraw(directory, serials, 'renew', now);
  print(
    terminal,
    `${name}: ${counted(inUse.length, 'certificate')} to be renewed (${inUse.map(({ serial }) => serial).join(', ')})`,
    whatRenews(inUse, name),
  );
}

// What was issued by hand lies where no run looks. A name can have certificates of both kinds.
function whatRenews(certificates: readonly KnownCertificate[], name: string): string {
  const byHand = certificates.filter(({ unmanaged }) => unmanaged);
  const byRun = certificates.length > byHand.length;
  const run =
    'The next `provision apply PLAYBOOK` makes a new key and certificate on the host; until then the present one stays valid.';
  const out = `${(byHand[0]?.names[0] ?? name).replace(/[^\w.-]/g, '_')}-new`;
  const hand = `${byHand.map(({ serial }) => serial).join(', ')} ${byHand.length > 1 ? 'were' : 'was'} made by \`provision ca issue\` for what is no managed host: no run renews it. It stays valid until ${byHand[0]?.notAfter.slice(0, 10)}. Issue it again, and take it there: \`provision ca issue ${(byHand[0]?.names ?? [name]).join(' ')} --out ${out}\``;
  return [...(byRun ? [run] : []), ...(byHand.length > 0 ? [hand] : [])].join(' ');
}

function flag(option: string): string {
  return `--${option.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
