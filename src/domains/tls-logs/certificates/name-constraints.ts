import type { X509Certificate } from 'node:crypto';
import { type DerElement, readDer, writeDer } from './der.ts';

/** Object identifier of the extension. */
export const nameConstraintsOid = '2.5.29.30';

const tags = { sequence: 0x30, context0: 0xa0, context3: 0xa3, dnsName: 0x82, octets: 0x04 };
const oidBytes = Buffer.from('551d1e', 'hex');

/** `lab` of `.LAB`, `*.lab` or `lab.`: a suffix permits the name itself and all below it. */
export function normalSuffix(text: string): string {
  return text
    .trim()
    .replace(/^\*?\./, '')
    .replace(/\.$/, '')
    .toLowerCase();
}

/** The extension's value: only names below one of these DNS suffixes are permitted. */
export function encodePermitted(suffixes: readonly string[]): Uint8Array {
  const subtrees = suffixes.map((suffix) =>
    writeDer(tags.sequence, writeDer(tags.dnsName, Buffer.from(suffix, 'ascii'))),
  );
  return writeDer(tags.sequence, writeDer(tags.context0, ...subtrees));
}

function inside({ content }: DerElement, tag: number): readonly DerElement[] {
  return readDer(content).filter((element) => element.tag === tag);
}

/** DNS suffixes that a CA's certificate permits; [] when it permits every name. */
export function permittedNames(certificate: X509Certificate): readonly string[] {
  const extension = readDer(certificate.raw)
    .flatMap((whole) => readDer(whole.content).slice(0, 1))
    .flatMap((body) => inside(body, tags.context3))
    .flatMap((wrapped) => inside(wrapped, tags.sequence))
    .flatMap((list) => inside(list, tags.sequence))
    .find(({ content }) => oidBytes.equals(readDer(content)[0]?.content ?? Buffer.of()));
  const [value] = extension ? inside(extension, tags.octets) : [];
  if (!value) return [];
  return readDer(value.content)
    .flatMap((whole) => inside(whole, tags.context0))
    .flatMap((permitted) => inside(permitted, tags.sequence))
    .flatMap((subtree) => inside(subtree, tags.dnsName))
    .map(({ content }) => Buffer.from(content).toString('ascii'));
}

/** The names that constraints do not permit, judged as OpenSSL does; none when there are no constraints. */
export function namesOutside(names: readonly string[], permitted: readonly string[]): readonly string[] {
  if (permitted.length === 0) return [];
  const suffixes = permitted.map(normalSuffix);
  return names.filter((name) => {
    const wanted = name.toLowerCase();
    return !suffixes.some((suffix) => wanted === suffix || wanted.endsWith(`.${suffix}`));
  });
}
