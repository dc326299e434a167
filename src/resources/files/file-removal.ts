import { quote } from '../../shell/quote.ts';

/** sh code that takes a file away; a failed play puts it back. */
export function fileRemoval(path: string): string {
  const file = quote(path);
  return `provision_save ${file} && rm -f -- ${file}`;
}
