import { styleText } from 'node:util';

/** Colours and weights that a report uses. */
export type Style = 'green' | 'yellow' | 'red' | 'cyan' | 'magenta' | 'dim' | 'bold';

/** Puts a style on a text, or returns it as it is where colour is unwanted. */
export type Paint = (style: Style, text: string) => string;

/** Paints always or never; whoever opens the stream decides which. */
export function paintWith(colour: boolean): Paint {
  if (!colour) return (_style, text) => text;
  return (style, text) => (text === '' ? text : styleText(style, text, { validateStream: false }));
}
