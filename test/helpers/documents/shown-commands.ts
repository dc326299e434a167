/** A line of a document that begins with `$`, and what it promises behind `# says:`. */
export interface ShownCommand {
  readonly command: string;
  readonly says: string | undefined;
}

/** The commands of a document that a reader types one after the other. */
export function shownCommands(markdown: string): readonly ShownCommand[] {
  return [...markdown.matchAll(/^\$ (.*?)(?: {2,}# (.*))?$/gm)].map(([, command = '', promise = '']) => ({
    command,
    says: /^says: (.*)$/.exec(promise)?.[1],
  }));
}

/** Files that a document asks its reader to save, by their name. */
export function savedFiles(markdown: string): ReadonlyMap<string, string> {
  const saved = markdown.matchAll(/[Ss]ave (?:this )?as `([^`]+)`:\n```\w*\n(.*?)```/gs);
  return new Map([...saved].map(([, name = '', text = '']) => [name, text]));
}

/** Every use of provision in a document, in its lines of code and between words, without what stands behind it. */
export function provisionUses(markdown: string): readonly string[] {
  const blocks = [...markdown.matchAll(/^```\w*\n(.*?)^```/gms)].flatMap(([, text = '']) => text.split('\n'));
  const inline = [...markdown.replace(/^```.*?^```/gms, '').matchAll(/`(provision [^`]*)`/g)];
  const lines = [...blocks, ...inline.map(([, text = '']) => text.replaceAll('\n', ' '))];
  return lines.flatMap((line) => {
    const use = /^(?:\$ |# )?(?:[A-Z_]+=\S+ )?(provision [a-z-].*)$/.exec(line)?.[1];
    // Behind two blanks, an arrow or a bar stands what it is for, or what is done with its output.
    return use === undefined ? [] : (use.split(/ {2,}| [|#>] ?| && /)[0] ?? []);
  });
}
