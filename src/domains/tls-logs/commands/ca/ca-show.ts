import type { X509Certificate } from 'node:crypto';
import { resolve } from 'node:path';
import { jsonText } from '../../../../report/json-text.ts';
import { visibleText } from '../../../../report/visible-text.ts';
import { subjectLine } from '../../certificates/certificate.ts';
import { type CaOverview, caOverview } from '../../private-ca/ca-overview.ts';
import { runCaCommand } from './ca-command.ts';
import type { CaShowOptions } from './ca-options.ts';
import { caText } from './ca-text.ts';

const day = 86_400_000;

/** `provision ca show`: shows a CA and what it issued; returns the exit code. */
export function caShow(options: CaShowOptions): Promise<number> {
  return runCaCommand(options, ({ stdout }) => {
    const directory = resolve(options.directory);
    const now = new Date();
    const overview = caOverview(directory, now);
    const text = options.json
      ? jsonText(caDocument(directory, overview, now), 2)
      : visibleText(caText(directory, overview, now, stdout).join('\n'));
    stdout.stream.write(`${text}\n`);
  });
}

function root(certificate: X509Certificate) {
  return {
    subject: subjectLine(certificate.subject),
    serial: certificate.serialNumber,
    sha256: certificate.fingerprint256,
    notBefore: certificate.validFromDate.toISOString(),
    notAfter: certificate.validToDate.toISOString(),
  };
}

function caDocument(directory: string, overview: CaOverview, now: Date): object {
  const { certificate, permitted, key, trouble, previous, issued } = overview;
  return {
    directory,
    ...root(certificate),
    daysLeft: Math.floor((certificate.validToDate.getTime() - now.getTime()) / day),
    permittedNames: permitted,
    key,
    ...(trouble !== undefined && { trouble }),
    previous: previous.map((one) => ({ ...root(one.certificate), keyKept: one.keyKept })),
    issued: issued.map(({ serial, names, notBefore, notAfter, sha256, state, revoked }) => ({
      names,
      serial,
      sha256,
      notBefore,
      notAfter,
      state,
      ...(revoked !== undefined && { revoked }),
    })),
  };
}
