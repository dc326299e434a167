/** What openssl says of a request or a certificate, as far as it is compared. */
export interface X509Text {
  readonly subject: string;
  readonly issuer: string | undefined;
  readonly algorithm: string | undefined;
  /** The public key as it is printed. */
  readonly key: string;
  /** By the names that openssl has for them; `critical` is part of the value. */
  readonly extensions: ReadonlyMap<string, string>;
}

function indentation(line: string): number {
  return line.length - line.trimStart().length;
}

/** Lines that stand deeper than a heading, behind it. */
function below(lines: readonly string[], heading: RegExp): readonly string[] {
  const start = lines.findIndex((line) => heading.test(line));
  const [head, ...rest] = start < 0 ? [] : lines.slice(start);
  if (head === undefined) return [];
  const end = rest.findIndex((line) => line.trim() !== '' && indentation(line) <= indentation(head));
  return end < 0 ? rest : rest.slice(0, end);
}

function readExtensions(lines: readonly string[]): ReadonlyMap<string, string> {
  const first = lines.find((line) => line.trim() !== '');
  const depth = first === undefined ? 0 : indentation(first);
  const found = new Map<string, string>();
  let name = '';
  for (const line of lines) {
    const [, head, critical] = /^\s*(.+?): *(critical)?\s*$/.exec(line) ?? [];
    if (indentation(line) === depth && head !== undefined) {
      name = head;
      found.set(name, critical ?? '');
    } else if (line.trim() !== '') found.set(name, `${found.get(name) ?? ''} ${line.trim()}`.trim());
  }
  return found;
}

/** Reads what `openssl req -text` or `openssl x509 -text` printed; undefined for nothing. */
export function readX509Text(text: string | undefined): X509Text | undefined {
  if (text === undefined || !/^(Certificate|Certificate Request):/m.test(text)) return undefined;
  const lines = text.split('\n');
  return {
    subject: /^ *Subject: ?(.*)$/m.exec(text)?.[1] ?? '',
    issuer: /^ *Issuer: ?(.*)$/m.exec(text)?.[1],
    algorithm: /^ *Signature Algorithm: (.*)$/m.exec(text)?.[1],
    key: below(lines, /^ *Subject Public Key Info:/)
      .map((line) => line.trim())
      .join('\n'),
    extensions: readExtensions(below(lines, /^ *(Requested Extensions|X509v3 extensions):/)),
  };
}

/** How extensions differ; those named in `ignored` do not count. */
export function extensionDifferences(
  have: ReadonlyMap<string, string>,
  want: ReadonlyMap<string, string>,
  ignored: readonly string[] = [],
): readonly { readonly attribute: string; readonly from: string; readonly to: string }[] {
  const names = [...new Set([...want.keys(), ...have.keys()])].filter((name) => !ignored.includes(name));
  // Names of hosts may come in any order.
  const settled = (value: string | undefined) => value?.split(', ').sort().join(', ');
  return names.flatMap((name) =>
    settled(have.get(name)) === settled(want.get(name))
      ? []
      : [{ attribute: name, from: have.get(name) ?? 'absent', to: want.get(name) ?? 'absent' }],
  );
}

/** Options with which openssl prints names of subjects so that they can be compared. */
export const nameOptions = '-nameopt RFC2253,utf8,-esc_msb';
