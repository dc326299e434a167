/** A piece of HTML that is safe to put into a page. */
export class Markup {
  readonly text: string;

  /** @param text what somebody here wrote, or what `html` made */
  constructor(text: string) {
    this.text = text;
  }
}

type Part = Markup | string | number | readonly Part[] | undefined;

/** HTML with values in it: texts are escaped, pieces of HTML and lists of them are taken as they are, undefined is nothing. */
export function html(pieces: TemplateStringsArray, ...values: readonly Part[]): Markup {
  return new Markup(pieces.map((piece, index) => piece + textOf(values[index])).join(''));
}

function textOf(part: Part): string {
  if (part === undefined) return '';
  if (part instanceof Markup) return part.text;
  if (typeof part === 'string' || typeof part === 'number') return escaped(String(part));
  return part.map(textOf).join('');
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
