import { plainValue } from '../values/yaml-scalar.ts';

/** How a text is written: as it is, in single or in double quotes. */
export type TextStyle = 'plain' | 'single' | 'double';

const date =
  /^\d{4}-\d\d?-\d\d?(?:(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d\d?(?::\d\d)?))?)?$/;

// What a reader would take for something else than this text.
function isOther(text: string): boolean {
  return typeof plainValue(text) !== 'string' || date.test(text) || text === '=' || text === '<<';
}

const unprintable = /[^\n\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]/u;

/**
 * The style that PyYAML chooses for a text.
 * @param place inside brackets, or as a key on one line
 */
export function styleOf(
  text: string,
  { flow, key }: { readonly flow: boolean; readonly key: boolean },
): TextStyle {
  if (text === '') return 'single';
  const broken = /[\n\x85\u2028\u2029]/.test(text);
  if (unprintable.test(text) || / [\n\x85\u2028\u2029]/.test(text)) return 'double';
  if (/[\n\x85\u2028\u2029] /.test(text) || (key && broken)) return 'double';
  return broken || !isPlain(text, flow) || isOther(text) ? 'single' : 'plain';
}

function isPlain(text: string, flow: boolean): boolean {
  if (/^ | $/.test(text)) return false;
  if (/^(?:---|\.\.\.)|^[#,[\]{}&*!|>'"%@`]|^[?:-](?:\s|$)|:(?:\s|$)|\s#/.test(text)) return false;
  return !flow || !/^[?:]|[,:?[\]{}]/.test(text);
}
