import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { scratch } from '../../helpers/resources/file-tree.ts';
import { shells } from '../../helpers/shell/shells.ts';

const script = join(import.meta.dirname, '../../../roles/rsyslog_client/files/catch-up.sh');
const fresh = scratch();

// A record as rsyslogd keeps it in the file of a queue.
const record = (input: string, text: string) =>
  `<Obj:1:msg:1:\n+iProtocolVersion:2:1:0:\n+pszInputName:1:${input.length}:${input}:\n+pszRawMsg:1:${text.length}:${text}:\n>End\n.\n`;

test.each([
  ['lines of the journal', [record('imjournal', 'one')], false],
  ['a line of a file among them', [record('imjournal', 'one'), record('imfile', 'two')], true],
  ['a line that only says so', [record('imjournal', ' +pszInputName:1:6:imfile: ')], false],
  ['nothing', [], false],
])('what waits is sent from the journal, but for %s', (_what, records, kept) => {
  for (const [shell, ...options] of shells) {
    const directory = fresh();
    const queue = join(directory, 'queue');
    const place = join(directory, 'place');
    writeFileSync(place, 'far');
    for (const [n, text] of records.entries()) writeFileSync(`${queue}.0000000${n + 1}`, text);
    if (records.length > 0) writeFileSync(`${queue}.qi`, 'where');
    const bin = join(directory, 'bin');
    mkdirSync(bin);
    writeFileSync(join(bin, 'journalctl'), '#!/bin/sh\necho __CURSOR=first\n');
    chmodSync(join(bin, 'journalctl'), 0o755);
    const run = spawnSync(shell, [...options, '', place, queue, ''], {
      input: readFileSync(script),
      env: { ...process.env, PATH: `${bin}:${process.env.PATH}` },
      encoding: 'utf8',
    });
    expect(run.status, run.stderr).toBe(0);
    expect(readFileSync(place, 'utf8')).toBe('first');
    const left = readdirSync(directory).filter((name) => name.startsWith('queue'));
    expect(left.length).toBe(kept ? records.length + 1 : 0);
  }
});
