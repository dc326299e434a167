import { createHash } from 'node:crypto';
import { statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { expect, test } from 'vitest';
import { ping } from '../../../src/resources/ping.ts';
import { slurp } from '../../../src/resources/slurp.ts';
import { stat } from '../../../src/resources/stat.ts';
import { scratch } from '../../helpers/resources/file-tree.ts';
import { ShellHost } from '../../helpers/resources/shell-host.ts';

const fresh = scratch();
const machine = new ShellHost();

async function lookAt(value: object) {
  const { args, have } = await machine.plan(stat, value);
  return stat.result?.(args as never, have as never, []).stat;
}

test('stat gives what Ansible gives', async () => {
  const path = `${fresh()}/a b`;
  writeFileSync(path, 'x', { mode: 0o640 });
  const real = statSync(path);
  expect(await lookAt({ path })).toMatchObject({
    exists: true,
    path,
    mode: '0640',
    isreg: true,
    isdir: false,
    islnk: false,
    uid: real.uid,
    gid: real.gid,
    pw_name: userInfo().username,
    size: 1,
    inode: real.ino,
    dev: real.dev,
    nlink: 1,
    mtime: Math.floor(real.mtimeMs / 1000),
    checksum: createHash('sha1').update('x').digest('hex'),
    rusr: true,
    wgrp: false,
    roth: false,
    readable: true,
  });
});

test.each(['md5', 'sha224', 'sha256', 'sha384', 'sha512'])('stat with %s', async (checksum_algorithm) => {
  const path = `${fresh()}/a`;
  writeFileSync(path, 'x');
  const checksum = createHash(checksum_algorithm).update('x').digest('hex');
  expect(await lookAt({ path, checksum_algorithm })).toMatchObject({ checksum });
});

test('stat of a link, followed or not', async () => {
  const directory = fresh();
  writeFileSync(`${directory}/real`, 'x');
  symlinkSync('real', `${directory}/link`);
  expect(await lookAt({ path: `${directory}/link` })).toMatchObject({
    islnk: true,
    lnk_target: 'real',
    lnk_source: `${directory}/real`,
  });
  expect(await lookAt({ path: `${directory}/link`, follow: true })).toMatchObject({
    islnk: false,
    isreg: true,
    size: 1,
  });
});

test.each(['/nonexistent', '/etc/passwd/x'])('stat of %s: not there', async (path) => {
  expect(await lookAt({ path })).toEqual({ exists: false });
});

test.each([
  ['/', { isdir: true }],
  ['/dev/null', { ischr: true }],
])('stat of %s', async (path, expected) => {
  expect(await lookAt({ path })).toMatchObject(expected);
  expect(await lookAt({ path })).not.toHaveProperty('checksum');
});

test('slurp brings any bytes', async () => {
  const path = `${fresh()}/a`;
  const bytes = Buffer.from(Array.from({ length: 1000 }, (_value, index) => index % 256));
  writeFileSync(path, bytes);
  const { args, have } = await machine.plan(slurp, { src: path });
  const result = slurp.result?.(args as never, have as never, []) ?? {};
  expect(Buffer.from(String(result.content), 'base64').equals(bytes)).toBe(true);
  expect(result).toMatchObject({ encoding: 'base64', source: path });
});

test.each([
  ['/nonexistent', /does not exist/],
  ['/etc', /is a directory/],
])('slurp refuses %s', async (src, message) => {
  expect((await machine.plan(slurp, { src })).refused.join()).toMatch(message);
});

test('slurp refuses what is too large', async () => {
  const path = `${fresh()}/a`;
  writeFileSync(path, '');
  truncateSync(path, 9 * 1024 * 1024);
  expect((await machine.plan(slurp, { src: path })).refused.join()).toMatch(/larger than 8 MiB/);
});

test('ping answers', async () => {
  const { args, have } = await machine.plan(ping, { data: 'hello' });
  expect(ping.result?.(args as never, have as never, [])).toEqual({ ping: 'hello' });
});
