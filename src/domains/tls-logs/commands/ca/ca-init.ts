import { X509Certificate } from 'node:crypto';
import { resolve } from 'node:path';
import { permittedNames } from '../../certificates/name-constraints.ts';
import { storeAuthority } from '../../private-ca/authority-storing.ts';
import { checkWish, makeAuthority } from '../../private-ca/new-authority.ts';
import { readPrivateCa } from '../../private-ca/private-ca.ts';
import { caProblem } from '../../private-ca/private-ca-problem.ts';
import { print, runCaCommand } from './ca-command.ts';
import type { CaInitOptions } from './ca-options.ts';
import { wrappable } from './ca-rows.ts';
import { newPassphrase } from './new-passphrase.ts';

/** `provision ca init`: makes a CA where there is none; returns the exit code. */
export function caInit(options: CaInitOptions): Promise<number> {
  return runCaCommand(options, async (terminal) => {
    const { name, days, permit } = options;
    const directory = resolve(options.directory);
    const wish = { name, days, permitted: permit };
    checkWish(wish);
    refuseExisting(directory);
    const passphrase = await newPassphrase('--passphrase', options.passphrase, options.passphraseFile);
    const made = await makeAuthority(new Date(), wish);
    if (!(await storeAuthority(directory, made, passphrase))) {
      refuseExisting(directory);
      throw caProblem(
        directory,
        'the directory is not empty but holds no private CA',
        'move its files away, or name another directory with -d',
      );
    }
    const certificate = new X509Certificate(made.certificate);
    const permitted = permittedNames(certificate);
    const { subject, validToDate, fingerprint256 } = certificate;
    print(
      terminal,
      `made a private CA in ${directory}: ${subject.replace('CN=', '')}, until ${validToDate.toISOString().slice(0, 10)}`,
      [
        ['certifies', permitted.length > 0 ? `${permitted.join(', ')} and names below` : 'every name'],
        [
          'key',
          passphrase === undefined
            ? 'ca-key.pem, not encrypted'
            : 'ca-key.pem.age, encrypted with the passphrase',
        ],
        ['SHA-256', wrappable(fingerprint256)],
      ],
      'Whoever has the key can make clients that your servers let in. Back the directory up where nobody else can read it; it is kept out of git.',
    );
  });
}

function refuseExisting(directory: string): void {
  if (readPrivateCa(directory) === undefined) return;
  throw caProblem(
    directory,
    'there is one already',
    '`provision ca show` shows it, `provision ca renew` replaces it; another one needs another directory (-d)',
  );
}
