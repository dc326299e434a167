/** Ways in which a secret may be written: plain, in single quotes of a shell, escaped for JSON, encoded for a URL. */
export function plainForms(secret: string): readonly string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  const ascii = json.replace(/[\u007f-\uffff]/g, unicodeEscape);
  const url = percentEncoded(secret);
  const strict = url.replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  return distinct([
    secret,
    secret.replaceAll("'", `'\\''`),
    secret.replaceAll("'", `'"'"'`),
    json,
    ascii,
    JSON.stringify(json).slice(1, -1),
    ...[url, strict].flatMap((form) => [
      form,
      form.replaceAll('%20', '+'),
      form.replace(/%[0-9A-F]{2}/g, (c) => c.toLowerCase()),
    ]),
  ]);
}

/** A pattern for the secret with any number of backslashes before its special characters, as shells and nested quoting add. */
export function slashedForm(secret: string): string {
  return [...secret]
    .map((character) => {
      if (/[\p{L}\p{N}]/u.test(character)) return character;
      return character === '\\' ? '\\\\+' : `\\\\*\\u{${character.codePointAt(0)?.toString(16)}}`;
    })
    .join('');
}

/**
 * The characters that a secret leaves in base64, whatever stands before it: one form for each of the three
 * alignments, without the characters that also hold bits of its neighbours; in both alphabets.
 */
export function base64Forms(secret: string): readonly string[] {
  const standard = standardForms(secret);
  return distinct(standard.flatMap((form) => [form, form.replaceAll('+', '-').replaceAll('/', '_')]));
}

/** The same in the standard alphabet only. */
export function standardForms(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  return [0, 1, 2].map((shift) => {
    const encoded = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
    return encoded.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + bytes.length) * 8) / 6));
  });
}

function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

// encodeURIComponent throws on half a surrogate pair; UTF-8 with replacement characters does not.
function percentEncoded(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

function distinct(forms: readonly string[]): readonly string[] {
  return [...new Set(forms)];
}
