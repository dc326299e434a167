import { RecordsDatabase, RecordsError } from '../../records/store/records-database.ts';
import { recordsPlace } from '../../records/store/records-place.ts';
import { writeFitted } from '../../report/screen.ts';
import type { Terminal } from '../terminal.ts';

/** Opens what is kept of runs; says why it cannot, and gives undefined. */
export function openRecords({ stderr }: Terminal): RecordsDatabase | undefined {
  const place = recordsPlace();
  if ('absent' in place) {
    const hint = place.mistaken ? [] : ['  hint: PROVISION_RECORDS=DIRECTORY says where they are to be kept'];
    writeFitted(stderr, [`no runs are kept: ${place.absent}`, ...hint]);
    return undefined;
  }
  try {
    return RecordsDatabase.open(place.directory);
  } catch (error) {
    if (!(error instanceof RecordsError)) throw error;
    writeFitted(stderr, [`the runs that were kept cannot be read: ${error.message}`]);
    return undefined;
  }
}
