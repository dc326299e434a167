/** A regular expression, with the flag u or without, that matches a text as it is written. */
export function literalPattern(text: string): string {
  return text.replaceAll(/[\\^$.|?*+()[\]{}/]/g, '\\$&');
}
