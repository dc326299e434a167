/** One key of a file authorized_keys. */
export interface KeyLine {
  readonly options: string;
  readonly type: string;
  readonly key: string;
  readonly comment: string;
}

const types =
  /^(?:ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-nistp(?:256|384|521)|sk-(?:ssh-ed25519|ecdsa-sha2-nistp256)@openssh\.com|ssh-ed25519-cert-v01@openssh\.com|ssh-rsa-cert-v01@openssh\.com)$/;

// Words between spaces; those inside of double quotes part none.
function wordsOf(line: string): readonly { readonly text: string; readonly at: number }[] {
  return [...line.matchAll(/(?:"(?:\\"|[^"])*"|[^\s"])+/g)].map((found) => ({
    text: found[0],
    at: found.index,
  }));
}

/** The key of a line; undefined for comments and what is none. */
export function readKeyLine(line: string): KeyLine | undefined {
  if (/^\s*(#|$)/.test(line)) return undefined;
  const words = wordsOf(line);
  const index = words.findIndex(({ text }) => types.test(text));
  const [type, key, comment] = words.slice(index, index + 3);
  if (index < 0 || index > 1 || !type || !key) return undefined;
  return {
    options: index === 1 ? (words[0]?.text ?? '') : '',
    type: type.text,
    key: key.text,
    comment: comment ? line.slice(comment.at).trimEnd() : '',
  };
}

/** A key as a line. */
export function keyLine({ options, type, key, comment }: KeyLine): string {
  return [options, type, key, comment].filter((part) => part !== '').join(' ');
}

/**
 * Lines of authorized_keys with some keys in them, or without them.
 * @param exclusive no other keys stay
 */
export function withKeys(
  lines: readonly string[],
  wanted: readonly KeyLine[],
  state: 'present' | 'absent',
  exclusive: boolean,
): readonly string[] {
  const mine = new Map(wanted.map((one) => [one.key, one]));
  if (state === 'absent') return lines.filter((line) => !mine.has(readKeyLine(line)?.key ?? ''));
  const there = new Set<string>();
  const kept = lines.flatMap((line) => {
    const found = readKeyLine(line);
    const want = found && mine.get(found.key);
    if (!found) return [line];
    if (!want) return exclusive ? [] : [line];
    if (there.has(found.key)) return [];
    there.add(found.key);
    return keyLine(found) === keyLine(want) ? [line] : [keyLine(want)];
  });
  return [...kept, ...[...mine.values()].filter(({ key }) => !there.has(key)).map(keyLine)];
}
