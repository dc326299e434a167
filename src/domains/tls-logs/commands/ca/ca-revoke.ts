import { resolve } from 'node:path';
import type { Terminal } from '../../../../cli/terminal.ts';
import { ProvisionError } from '../../../../errors/problem.ts';
import { counted } from '../../../../report/host-list.ts';
import { withdraw } from '../../private-ca/issued-record.ts';
import { findIssued } from '../../private-ca/issued-search.ts';
import { print, runCaCommand } from './ca-command.ts';
import type { CaRevokeOptions } from './ca-options.ts';
import { printRenewal, replaceCa } from './ca-renew.ts';

/** `provision ca revoke`: writes down that certificates may not be used any more and shows what must follow; returns the exit code. */
export function caRevoke(text: string, options: CaRevokeOptions): Promise<number> {
  return runCaCommand(options, async (terminal) => {
    const now = new Date();
    const directory = resolve(options.directory);
    const found = findIssued(directory, text, now).filter(({ state }) => state !== 'expired');
    if (found.length === 0)
      throw new ProvisionError([
        {
          code: 'unknown-certificate',
          message: `every certificate of '${text}' has expired: there is nothing to revoke`,
          hint: 'nobody accepts what has expired',
        },
      ]);
    // First what may fail: nothing is printed that is not so.
    const renewal = options.renewCa ? await replaceCa(options) : undefined;
    const fresh = found.filter(({ state }) => state !== 'revoked').map(({ serial }) => serial);
    if (fresh.length > 0) await withdraw(directory, fresh, 'revoked', now);
    const known = found.length - fresh.length;
    print(
      terminal,
      fresh.length > 0
        ? `${text}: revoked ${counted(fresh.length, 'certificate')} (${fresh.join(', ')})${known > 0 ? `, ${known} more were revoked before` : ''}`
        : `${text}: revoked before (${found.map(({ serial }) => serial).join(', ')})`,
    );
    printWhatFollows(terminal, renewal !== undefined);
    if (renewal) printRenewal(terminal, directory, renewal, false);
  });
}

function printWhatFollows(terminal: Terminal, renewsCa: boolean): void {
  print(
    terminal,
    'This is only recorded. There is no list of revoked certificates (CRL) to hand out: the log daemon does not read one. What shuts the certificate out:',
    [
      [
        '1.',
        'A host that is gone: take it out of the inventory (log_clients), so that the server no longer permits its name. A host that stays gets a new key and certificate.',
      ],
      [
        '2.',
        `The CA must be replaced when the host stays and the server knows it by its name, which the revoked certificate has too; and always with the driver ossl before 8.2602, which can be talked out of its list of permitted names by whoever has a certificate of this CA. ${renewsCa ? 'That is done now.' : '`provision ca renew` does it; `provision ca revoke --renew-ca` does both at once.'}`,
      ],
      [
        '3.',
        'Run `provision apply PLAYBOOK`. It waits for no host that is down: until that is back and a run has reached it, the log server refuses it, and what it logs meanwhile waits in its journal.',
      ],
    ],
  );
}
