import { basename } from 'node:path';
import { type Static, Type } from 'typebox';
import { path } from '../../../probes/path.ts';
import { asking } from '../../../probes/probe.ts';
import { script } from '../../../probes/script.ts';
import { hostPath } from '../../../resources/argument-schemas.ts';
import type { HostResource } from '../../../resources/resource.ts';
import { quote } from '../../../shell/quote.ts';
import { firstFingerprint } from '../certificates/certificate.ts';
import { certificateSeen } from '../ledger/certificate-observation.ts';
import { pem, pemOf } from '../probes/pem.ts';
import { noteIn, type RenewalNote } from './files/renewal-note.ts';

const schema = Type.Object(
  {
    lineage: hostPath('directory of the certificate, as in /etc/letsencrypt/live/log.example.com'),
    record: Type.Optional(
      hostPath(
        'what the deploy hook writes down; /var/lib/provision/renewals/ and the name of `lineage` without it',
      ),
    ),
    place: Type.Optional(
      hostPath(
        'directory of the copy that is deployed, which `provision certs` compares; `lineage` without it',
      ),
    ),
  },
  { additionalProperties: false },
);
type Args = Static<typeof schema>;

interface State {
  readonly chain: string | undefined;
  readonly note: RenewalNote | 'none' | 'damaged';
  /** The deploy hook runs at this moment. */
  readonly running: boolean;
}

function recordOf({ lineage, record }: Args): string {
  return record ?? `/var/lib/provision/renewals/${basename(lineage)}.json`;
}

function troubleOf(want: Args, { chain, note, running }: State): string | undefined {
  const present = chain === undefined ? undefined : firstFingerprint(chain);
  if (present === undefined) return `there is no certificate in ${want.lineage}`;
  if (running) return undefined;
  if (note === 'damaged') return `${recordOf(want)}, the record of the deploy hook, is damaged`;
  if (note === 'none' || note.fingerprint !== present)
    return 'the deploy hook never ran for this certificate';
  const day = note.time.slice(0, 10);
  if (note.state === 'begun') return `the deploy hook was cut off on ${day}`;
  return note.state === 'failed' ? `the deploy hook failed on ${day}: ${note.reason}` : undefined;
}

/** How the deploy hook of an ACME client ended for the certificate that is there; the client itself does not remember. */
export const renewalRecord: HostResource<Args, State> = {
  kind: 'host',
  name: 'renewal_record',
  summary: 'Show whether the deploy hook did its work for the certificate that an ACME client left',
  schema,
  effect: 'read',
  follows: () => true,
  paths: (want) => [`${want.lineage}/`, recordOf(want)],
  probe: (want) => {
    const lock = quote(`${recordOf(want)}.lock`);
    return asking(
      {
        chain: pem(`${want.lineage}/fullchain.pem`),
        note: path(recordOf(want), { access: true, text: { most: 100_000 } }),
        running: script(`[ ! -e ${lock} ] || flock -n ${lock} true || echo running\n:`),
      },
      ({ chain, note, running }) => ({
        chain: pemOf(chain),
        note: noteIn(note),
        running: running.stdout.startsWith('running'),
      }),
    );
  },
  diff: () => [],
  steps: () => [],
  result: (want, have) => ({
    trouble: troubleOf(want, have) ?? '',
    running: have.running,
    ...(typeof have.note === 'object' && { note: { ...have.note } }),
  }),
  observations: (want, have) => {
    if (!have) return [];
    const trouble = troubleOf(want, have);
    return [
      certificateSeen({
        place: want.place ?? want.lineage,
        stage: 'issued',
        ...(have.chain !== undefined && { chain: have.chain }),
        ...(trouble !== undefined && { trouble }),
      }),
    ];
  },
};
