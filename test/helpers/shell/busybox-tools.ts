import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';

const applets = ['stat', 'readlink', 'base64', 'grep', 'find', 'sort', 'uniq', 'sh', 'cat'];
const sums = ['md5sum', 'sha1sum', 'sha256sum', 'sha512sum'];

/** A directory of nothing but busybox's own tools, to be a PATH. */
export function busyboxTools(directory: string): string {
  const bin = `${directory}/busybox`;
  mkdirSync(bin);
  chmodSync(bin, 0o755);
  for (const name of [...applets, ...sums]) symlinkSync('/usr/bin/busybox', `${bin}/${name}`);
  // busybox has not all sums that the coreutils have.
  for (const name of ['sha224sum', 'sha384sum']) symlinkSync(`/usr/bin/${name}`, `${bin}/${name}`);
  return bin;
}
