import { quote } from './quote.ts';

/** A path pattern as sh expands it, with everything but * ? and [...] quoted. */
export function globWord(pattern: string): string {
  return pattern
    .split(/(\*|\?|\[[^\]'"\\$`;&|()<>\s]+\])/)
    .map((part, index) => (index % 2 === 1 ? part : part === '' ? '' : quote(part)))
    .join('');
}
