import { ProbeError } from '../../probes/probe-error.ts';
import type { ScriptOutput } from '../../shell/script-output.ts';
import type { Json } from '../resource.ts';

/** One entry that was found. */
export interface FoundFile {
  readonly name: string;
  readonly path: string;
  readonly kind: 'file' | 'directory' | 'link' | 'other';
  readonly size: number;
  readonly times: { readonly atime: number; readonly mtime: number; readonly ctime: number };
  /** As Ansible returns it. */
  readonly fields: { readonly [key: string]: Json };
}

/** What `findScript` saw. */
export interface Found {
  readonly files: readonly FoundFile[];
  readonly examined: number;
  readonly skipped: readonly string[];
  /** What is in files, by path, where that was asked; of those that are too large nothing. */
  readonly texts: ReadonlyMap<string, Buffer>;
  readonly large: readonly string[];
  /** Seconds of the host's clock. */
  readonly now: number;
}

const rights = ['rusr', 'wusr', 'xusr', 'rgrp', 'wgrp', 'xgrp', 'roth', 'woth', 'xoth'];

function fileOf(line: string, sums: ReadonlyMap<string, string>): FoundFile | undefined {
  const [, words = '', name] = /^((?:\S+ ){12})\/(\/.*)$/s.exec(line) ?? [];
  const [raw, uid, gid, size, inode, dev, nlink, atime, mtime, ctime, owner = '', group = ''] =
    words.split(' ');
  if (name === undefined || !/^[0-9a-f]+$/.test(raw ?? '')) return undefined;
  const path = name.replaceAll(/\/{2,}/g, '/');
  const mode = Number.parseInt(raw ?? '', 16);
  const type = mode & 0o170000;
  const is = (bits: number) => type === bits;
  const numbers = { uid, gid, size, inode, dev, nlink, atime, mtime, ctime };
  const fields = Object.fromEntries(Object.entries(numbers).map(([key, value]) => [key, Number(value)]));
  const sum = sums.get(path);
  return {
    name: path.slice(path.lastIndexOf('/') + 1),
    path,
    kind: is(0o100000) ? 'file' : is(0o040000) ? 'directory' : is(0o120000) ? 'link' : 'other',
    size: Number(size),
    times: { atime: Number(atime), mtime: Number(mtime), ctime: Number(ctime) },
    fields: {
      path,
      mode: (mode & 0o7777).toString(8).padStart(4, '0'),
      isdir: is(0o040000),
      ischr: is(0o020000),
      isblk: is(0o060000),
      isreg: is(0o100000),
      isfifo: is(0o010000),
      islnk: is(0o120000),
      issock: is(0o140000),
      ...fields,
      pw_name: owner,
      gr_name: group,
      ...Object.fromEntries(rights.map((right, index) => [right, (mode & (0o400 >> index)) !== 0])),
      isuid: (mode & 0o4000) !== 0,
      isgid: (mode & 0o2000) !== 0,
      ...(sum !== undefined && { checksum: sum }),
    },
  };
}

/** Reads what `findScript` printed; throws a ProbeError for what makes no sense. */
export function readFound({ code, stdout, stderr }: ScriptOutput): Found {
  const [, mark, seconds] = /^([0-9a-f]{24}) (\d+)\n/.exec(stdout) ?? [];
  if (mark === undefined || code !== 0)
    throw new ProbeError(`looking for files failed with exit code ${code}: ${stderr}`);
  const records = `\n${stdout}`.split(`\n${mark} `).slice(2);
  const told = (word: string) =>
    records
      .filter((record) => record.startsWith(`${word} `))
      .map((record) => record.slice(word.length + 1).replace(/\n$/, ''));
  const sums = new Map(
    told('sum').flatMap((line): [string, string][] => {
      const [, escaped, sum, path] = /^(\\?)([0-9a-f]{40}) [ *](.*)$/s.exec(line) ?? [];
      if (sum === undefined || path === undefined) return [];
      const plain = escaped ? path.replaceAll(/\\(n|\\)/g, (_all, one) => (one === 'n' ? '\n' : '\\')) : path;
      return [[plain.replaceAll(/\/{2,}/g, '/'), sum]];
    }),
  );
  const files = told('at').flatMap((line) => fileOf(line, sums) ?? []);
  const texts = new Map(
    told('text').flatMap((line): [string, Buffer][] => {
      const [, content = '', path] = /^([A-Za-z0-9+/=]*) (.*)$/s.exec(line) ?? [];
      return path === undefined ? [] : [[path.replaceAll(/\/{2,}/g, '/'), Buffer.from(content, 'base64')]];
    }),
  );
  return {
    files,
    examined: files.length,
    skipped: told('not'),
    texts,
    large: told('large'),
    now: Number(seconds),
  };
}
