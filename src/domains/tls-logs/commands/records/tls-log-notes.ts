import type { Noted } from '../../../../records/run-record.ts';
import type { RunEvent } from '../../../../runner/events.ts';
import { detailsOf, nameOf } from '../../certificates/certificate-details.ts';
import { isCertificate } from '../../ledger/certificate-observation.ts';
import { logLine } from '../../resources/log-line.ts';
import { arrivedLine } from './arrived-line.ts';

/** What is worth keeping of a run about log lines over TLS: the certificates that it saw, and how long lines took. */
export function tlsLogNotes(): (event: RunEvent) => readonly Noted[] {
  const seen = new Set<string>();
  return (event) => {
    if (event.type === 'observation') return certificate(event, seen);
    return arrivedLine(event, logLine.name);
  };
}

// Several tasks may see the same one.
function certificate(
  { host, seen: found }: Extract<RunEvent, { type: 'observation' }>,
  seen: Set<string>,
): readonly Noted[] {
  if (!isCertificate(found) || found.chain === undefined) return [];
  const details = detailsOf(found.chain);
  if (!details) return [];
  const { place, stage } = found;
  const key = JSON.stringify([host, place, stage, details.fingerprint]);
  if (seen.has(key)) return [];
  seen.add(key);
  return [
    {
      kind: 'certificates',
      ...(host !== undefined && { host }),
      subject: nameOf(details),
      detail: `${stage}, ${place}, SHA-256 ${details.fingerprint}`,
      ends: details.notAfter,
    },
  ];
}
