import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { rpmKey } from '../../../src/resources/rpm-key.ts';
import { FakeHost } from '../../helpers/resources/fake-host.ts';
import { scratch } from '../../helpers/resources/file-tree.ts';
import { oneKey } from '../../helpers/resources/public-keys.ts';

const fresh = scratch();
const { fingerprint, text } = oneKey;

// An rpm whose keys are lines of $FAKE/keys.
function host(): { readonly fake: FakeHost; readonly file: string } {
  const directory = fresh();
  const fake = new FakeHost(directory, {
    rpm: `case "$1" in
-q) sed 's/^/key /' "$FAKE/keys" ;;
--import) echo '${fingerprint.slice(-8).toLowerCase()}' >>"$FAKE/keys" ;;
--erase) : >"$FAKE/keys" ;;
esac`,
  });
  fake.write('keys', 'aaaaaaaa\n');
  const file = join(directory, 'key.asc');
  writeFileSync(file, text);
  return { fake, file };
}

const attributes = ({
  changes,
}: {
  readonly changes: readonly { readonly from?: string; readonly to?: string }[];
}) => changes.map(({ from, to }) => `${from} -> ${to}`);

test('a key is imported once, by its file or its address, and taken away by its id', async () => {
  const { fake, file } = host();
  const address = { key: `file://${file}`, fingerprint: fingerprint.replaceAll(/(.{4})/g, '$1 ').trim() };
  expect(attributes(await fake.apply(rpmKey, { key: file }))).toEqual(['absent -> present']);
  expect(attributes(await fake.apply(rpmKey, { key: file }))).toEqual([]);
  expect(attributes(await fake.apply(rpmKey, address))).toEqual([]);
  expect(fake.calls().filter((call) => !call.includes('[-q]'))).toEqual([`rpm [--import] [${file}]`]);
  const gone = { key: `0x${fingerprint.slice(-8)}`, state: 'absent' };
  expect(attributes(await fake.apply(rpmKey, gone))).toEqual(['present -> absent']);
  expect(fake.calls().find((call) => call.includes('--erase'))).toBe(
    `rpm [--erase] [--allmatches] [gpg-pubkey-${fingerprint.slice(-8).toLowerCase()}]`,
  );
  expect(attributes(await fake.apply(rpmKey, address))).toEqual(['absent -> present']);
});

test('what cannot be imported is refused before anything is done', async () => {
  const { fake, file } = host();
  const refused = async (value: object) => (await fake.plan(rpmKey, value)).refused.join();
  expect(await refused({ key: file, fingerprint: 'a'.repeat(40) })).toMatch(
    new RegExp(`fingerprint of the key is ${fingerprint}, not A{40}: nothing was imported`),
  );
  expect(await refused({ key: '12345678' })).toContain('give the file or the address');
  expect(await refused({ key: `${file}.nowhere` })).toContain('there is no file');
  expect(await refused({ key: `file://${file}.nowhere` })).toContain('could not be fetched');
  expect(await refused({ key: '12345678', state: 'absent' })).toBe('');
  writeFileSync(file, 'no key');
  expect(await refused({ key: file })).toContain('holds no public key');
});

test('a host without rpm says so', () => {
  const have = { rpm: false, versions: [], given: undefined, failure: undefined };
  expect(rpmKey.refuse?.({ key: '12345678' }, have)).toEqual(['the host has no rpm']);
});
