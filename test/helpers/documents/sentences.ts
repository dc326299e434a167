/**
 * What is read in one go of a Markdown text: sentences, and their parts at colons and semicolons. Code blocks, tables and headings
 * are left out; code in a line counts as one word, and a list of names that are separated by commas as one.
 */
export function sentencesOf(markdown: string): readonly string[] {
  const text = markdown
    .replace(/^```.*?^```$/gms, '\n\n')
    .replace(/^(?: {4}|\||#).*$/gm, '')
    .replace(/`[^`]*`/g, '`')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1');
  // A list's point begins anew, also where the one before it has no full stop.
  const paragraphs = text.split(/\n\s*\n|\n(?=\s*(?:[-*]|\d+\.) )/);
  return paragraphs.flatMap((paragraph) =>
    paragraph
      .replace(/^\s*(?:[-*]|\d+\.) /, '')
      .replace(/\s+/g, ' ')
      .replace(/`(?: and|,|, and) (?=`)/g, '')
      .split(/(?<=[.!?]\)?)(?:\*\*)? (?=[A-Z`*"(])|(?<=[:;])(?:\*\*)? |(?<=:)$/)
      .map((sentence) => sentence.trim())
      .filter((sentence) => sentence !== ''),
  );
}

/** How many words a sentence has. */
export function wordCount(sentence: string): number {
  return sentence.split(' ').filter((word) => /[\w`]/.test(word)).length;
}
