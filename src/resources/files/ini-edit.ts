/** What is wanted of an INI text. */
export interface IniWish {
  readonly section?: string | undefined;
  readonly option?: string | undefined;
  /** Undefined: an option without a value. */
  readonly values: readonly string[];
  readonly state?: 'present' | 'absent';
  readonly exclusive?: boolean;
  readonly no_extra_spaces?: boolean;
  readonly ignore_spaces?: boolean;
  readonly allow_no_value?: boolean;
  readonly modify_inactive_option?: boolean;
}

/** A text after it was edited, and what was done to it. */
export interface IniEdit {
  readonly lines: readonly string[];
  readonly said: string;
}

interface Found {
  readonly active: boolean;
  readonly value: string;
}

function found(line: string, option: string): Found | undefined {
  const [, mark = '', rest] = /^[ \t]*([#;]?)[ \t]*(.*)$/.exec(line) ?? [];
  if (rest === undefined || !rest.startsWith(option)) return undefined;
  const [, value] = /^[ \t]*(?:=|$)[ \t]*(.*)$/.exec(rest.slice(option.length)) ?? [];
  return value === undefined ? undefined : { active: mark === '', value };
}

function written({ no_extra_spaces }: IniWish, option: string, value: string): string {
  return no_extra_spaces ? `${option}=${value}` : `${option} = ${value}`;
}

function isBare(line: string): boolean {
  return /^[ \t]*([#;].*)?$/.test(line);
}

/** The lines between a section's head and the next one; what stands before all heads without a section. */
function span(lines: readonly string[], section: string | undefined): readonly [number, number] | undefined {
  const head = section === undefined ? -1 : lines.findIndex((line) => line.startsWith(`[${section}]`));
  if (section !== undefined && head < 0) return undefined;
  const next = lines.findIndex((line, index) => index > head && line.startsWith('['));
  return [head + 1, next < 0 ? lines.length : next];
}

// Lines of a section with the option as it is wanted.
function present(own: readonly string[], want: IniWish, option: string): IniEdit {
  const result: (string | undefined)[] = [...own];
  const left = [...want.values];
  const settled = new Set<number>();
  let said = 'OK';
  const matches = (line: string | undefined) => {
    const match = line === undefined ? undefined : found(line, option);
    return match && (match.active || want.modify_inactive_option !== false) ? match : undefined;
  };
  const put = (index: number, line: string, { active, value }: Found) => {
    settled.add(index);
    const same = want.ignore_spaces && active && value === found(line, option)?.value;
    if (same || result[index] === line) return;
    result[index] = line;
    said = 'option changed';
  };
  let bare = false;
  for (const [index, line] of own.entries()) {
    const match = matches(line);
    if (!match || bare) continue;
    if (left.includes(match.value)) {
      left.splice(left.indexOf(match.value), 1);
      put(
        index,
        match.value === '' && want.allow_no_value ? option : written(want, option, match.value),
        match,
      );
    } else if (want.values.length === 0 && want.allow_no_value) {
      put(index, option, match);
      bare = true;
    }
  }
  if (want.exclusive !== false && want.values.length > 0) {
    for (const [index, line] of own.entries()) {
      const match = settled.has(index) ? undefined : matches(line);
      const value = match && left.shift();
      if (match && value !== undefined) put(index, written(want, option, value), match);
    }
    for (const [index, line] of own.entries()) {
      if (settled.has(index) || !found(line, option)?.active) continue;
      result[index] = undefined;
      said = 'option changed';
    }
  }
  const kept = result.filter((line) => line !== undefined);
  const more = left.map((value) => written(want, option, value));
  if (want.values.length === 0 && want.allow_no_value && !bare) more.push(option);
  if (more.length > 0) {
    kept.splice(kept.findLastIndex((line) => !isBare(line)) + 1, 0, ...more);
    said = 'option added';
  }
  return { lines: kept, said };
}

function absent(own: readonly string[], want: IniWish, option: string): IniEdit {
  const lines = own.filter((line) => {
    const match = found(line, option);
    const meant =
      want.exclusive !== false || want.values.length === 0 || want.values.includes(match?.value ?? '');
    return !(match?.active && meant);
  });
  return { lines, said: lines.length < own.length ? 'option changed' : 'OK' };
}

/** Lines of an INI file with one option, or a section, as it is wanted. */
export function editIni(lines: readonly string[], want: IniWish): IniEdit {
  const { section, option } = want;
  const place = span(lines, section);
  if (!place) {
    if (want.state === 'absent') return { lines, said: 'OK' };
    const head = [`[${section}]`];
    if (option === undefined) return { lines: [...lines, ...head], said: 'only section added' };
    const values = want.values.map((value) => written(want, option, value));
    const own = values.length > 0 ? values : want.allow_no_value ? [option] : [];
    return { lines: [...lines, ...head, ...own], said: 'section and option added' };
  }
  const [from, to] = place;
  if (option === undefined) {
    if (want.state !== 'absent') return { lines, said: 'OK' };
    const start = section === undefined ? from : from - 1;
    if (start === to) return { lines, said: 'OK' };
    return { lines: [...lines.slice(0, start), ...lines.slice(to)], said: 'section removed' };
  }
  const own = lines.slice(from, to);
  const done = want.state === 'absent' ? absent(own, want, option) : present(own, want, option);
  return { lines: [...lines.slice(0, from), ...done.lines, ...lines.slice(to)], said: done.said };
}
