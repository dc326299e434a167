/** The sections of a .repo file with their options, in its order; the names of options are in lower case. */
type Repositories = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** Reads a .repo file as Python's configparser does, which forgets comments. */
export function readRepositories(text: string): { readonly sections: Repositories; readonly fault?: string } {
  const sections = new Map<string, Map<string, string[]>>();
  let section: Map<string, string[]> | undefined;
  let values: string[] | undefined;
  let depth = 0;
  let fault: string | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    const value = line.trim();
    if (/^[#;]/.test(value)) continue;
    if (value === '') {
      values?.push('');
      continue;
    }
    const indent = line.search(/\S/);
    if (values && indent > depth) {
      values.push(value);
      continue;
    }
    depth = indent;
    const [, head] = /^\[(.+)\]/.exec(value) ?? [];
    const [, name, first] = /^(.*?)\s*[=:]\s*(.*)$/.exec(value) ?? [];
    if (head !== undefined) {
      if (sections.has(head)) fault ??= `line ${index + 1} begins the section ${head} again`;
      section = new Map();
      sections.set(head, section);
      values = undefined;
    } else if (!section) fault ??= `line ${index + 1} stands in no section`;
    else if (name === undefined || first === undefined || name === '')
      fault ??= `line ${index + 1} is neither a section nor an option`;
    else {
      const key = name.toLowerCase();
      if (section.has(key)) fault ??= `line ${index + 1} gives ${key} again`;
      values = [first];
      section.set(key, values);
    }
  }
  const read = new Map(
    [...sections].map(([name, own]) => [
      name,
      new Map([...own].map(([key, lines]) => [key, lines.join('\n').trimEnd()])),
    ]),
  );
  return fault === undefined ? { sections: read } : { sections: read, fault };
}

/** The file as configparser writes it. */
export function writtenRepositories(sections: Repositories): string {
  return [...sections]
    .map(([name, options]) => {
      const lines = [...options].map(([key, value]) => `${key} = ${value.replaceAll('\n', '\n\t')}\n`);
      return `[${name}]\n${lines.join('')}\n`;
    })
    .join('');
}
