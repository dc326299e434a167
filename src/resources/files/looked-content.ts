import { script } from '../../probes/script.ts';
import { quote } from '../../shell/quote.ts';
import type { ScriptOutput } from '../../shell/script-output.ts';
import type { Json } from '../resource.ts';

/** What `register` sees of the kind of a file's content. */
export const mimeKeys = ['mimetype', 'charset'] as const;
/** What `register` sees of the attributes that chattr sets. */
export const attributeKeys = ['attributes', 'attr_flags', 'version'] as const;

// Letters of lsattr, as Ansible writes them out.
const attributeNames: Readonly<Record<string, string>> = {
  A: 'noatime',
  a: 'append',
  c: 'compressed',
  C: 'nocow',
  d: 'nodump',
  D: 'dirsync',
  e: 'extents',
  E: 'encrypted',
  h: 'blocksize',
  i: 'immutable',
  I: 'indexed',
  j: 'journalled',
  N: 'inline',
  s: 'zero',
  S: 'synchronous',
  t: 'notail',
  T: 'blockroot',
  u: 'undelete',
  X: 'compressedraw',
  Z: 'compresseddirty',
};

/** Asks what kind of content a file has; a host without the program `file` does not say. */
export function askMime(path: string) {
  return script(`file --brief --mime-type --mime-encoding -- ${quote(path)} 2>/dev/null || :`);
}

/** What it is, link or not, as Ansible's stat registers it. */
export function mimeResult({ stdout }: ScriptOutput): { readonly [key: string]: Json } {
  const [, mimetype = 'unknown', charset = 'unknown'] = /^([^;\s]+); charset=(\S+)$/m.exec(stdout) ?? [];
  return { mimetype, charset };
}

/** Asks for attributes of the file system; some have none. */
export function askAttributes(path: string) {
  return script(`lsattr -vd -- ${quote(path)} 2>/dev/null || :`);
}

/** Attributes as Ansible's stat registers them. */
export function attributesResult({ stdout }: ScriptOutput): { readonly [key: string]: Json } {
  const [, version, word = ''] = /^\s*(\d+)\s+(\S+)\s/.exec(stdout) ?? [];
  const flags = word.replaceAll('-', '');
  return {
    version: version ?? null,
    attr_flags: flags,
    attributes: [...flags].flatMap((letter) => attributeNames[letter] ?? []),
  };
}
