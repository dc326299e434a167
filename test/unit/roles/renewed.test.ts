import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { scratch } from '../../helpers/resources/file-tree.ts';
import { OpensslAuthority } from '../../helpers/tls-logs/openssl-authority.ts';

const script = join(import.meta.dirname, '../../../roles/log_certificates/files/renewed.sh');
const fresh = scratch();
let made: OpensslAuthority;

beforeAll(() => {
  made = new OpensslAuthority();
  made.root('root', 'basicConstraints=critical,CA:true');
  for (const name of ['before', 'after']) made.issue(name, 'root', 'subjectAltName=DNS:logs.lab');
});
afterAll(() => made.remove());

// nginx presents what lay there when it was last told to read it.
const programs = {
  systemctl: `case "$1" in
is-active) [ ! -e "$here/ended" ] ;;
reload) echo "$*" >>"$here/told"; [ ! -e "$here/deaf" ] || exit 1; cat "$here/own/current/fullchain.pem" >"$here/presented" ;;
esac`,
  openssl: `case "$1" in
s_client) cat "$here/presented" ;;
*) exec /usr/bin/openssl "$@" ;;
esac`,
  rsyslogd: '',
};

/** Renews the certificate of a log server whose TLS is nginx's; a copy of the hook, which looks for programs in a folder and asks the port for a second only. */
function renew(...state: readonly string[]) {
  const here = fresh();
  const own = join(here, 'own');
  for (const name of ['bin', 'issued', 'run', 'own/20260101T000000Z'])
    mkdirSync(join(here, name), { recursive: true });
  for (const [name, text] of Object.entries(programs)) {
    writeFileSync(join(here, 'bin', name), `#!/bin/sh\nhere=${here}\n${text}\n`);
    chmodSync(join(here, 'bin', name), 0o755);
  }
  for (const [name, folder] of [
    ['before', 'own/20260101T000000Z'],
    ['after', 'issued'],
  ] as const) {
    writeFileSync(join(here, folder, 'fullchain.pem'), made.pem(name));
    writeFileSync(join(here, folder, 'privkey.pem'), readFileSync(join(made.directory, `${name}.key`)));
  }
  symlinkSync('20260101T000000Z', join(own, 'current'));
  writeFileSync(join(here, 'presented'), made.pem('before'));
  for (const one of state) writeFileSync(join(here, one), '');
  const copy = readFileSync(script, 'utf8')
    .replace('PATH=/usr', `PATH=${here}/bin:/usr`)
    .replace('run=/run/provision', `run=${here}/run`)
    .replace('serves 15', 'serves 1');
  writeFileSync(join(here, 'hook'), copy);
  const issued = ['fullchain.pem', 'privkey.pem'].map((file) => join(here, 'issued', file));
  const words = [
    ...issued,
    'logs.lab',
    own,
    '6514',
    '127.0.0.1',
    'nginx',
    join(here, 'record'),
    made.pem('root'),
    'echo root',
  ];
  const { status, stderr } = spawnSync('sh', [join(here, 'hook'), ...words], { encoding: 'utf8' });
  const read = (name: string) => (existsSync(join(here, name)) ? readFileSync(join(here, name), 'utf8') : '');
  return {
    status,
    stderr,
    told: read('told'),
    note: JSON.parse(read('record')) as { readonly state: string; readonly did: string },
    inUse:
      read(`own/${readlinkSync(join(own, 'current'))}/fullchain.pem`) === made.pem('after')
        ? 'after'
        : 'before',
  };
}

test('behind nginx a renewed certificate is put to use by a reload, and rsyslogd goes on', () => {
  expect(renew()).toEqual({
    status: 0,
    stderr: '',
    told: 'reload nginx\n',
    note: expect.objectContaining({ state: 'done', did: 'reloaded nginx' }),
    inUse: 'after',
  });
});

test('an nginx that does not run reads it when it starts', () => {
  const { status, told, note, inUse } = renew('ended');
  expect({ status, told, inUse }).toEqual({ status: 0, told: '', inUse: 'after' });
  expect(note.did).toBe('nginx does not run: it reads the certificate when it starts');
});

test('what nginx does not present is taken back, and the reason kept', () => {
  const { status, stderr, told, note, inUse } = renew('deaf');
  expect({ status, told, inUse }).toEqual({
    status: 1,
    told: 'reload nginx\nreload nginx\n',
    inUse: 'before',
  });
  expect(stderr).toContain(
    'did not serve it within 15 s (nginx could not be reloaded); the one before is in use again',
  );
  expect(note).toMatchObject({ state: 'failed' });
});
