import { counted } from './host-list.ts';

// Fewer lines are as quickly read as a reference to them.
const shortest = 4;

/** What a plan has shown already: the same changes are shown once, then named. */
export class ShownChanges {
  readonly #tasks = new Map<string, string>();

  /**
   * The lines, or where the same ones stand.
   * @param whole the same without anything left out
   */
  fold(task: string, lines: readonly string[], whole = lines): readonly string[] {
    if (lines.length < shortest) return lines;
    const key = whole.join('\n');
    const earlier = this.#tasks.get(key);
    if (earlier !== undefined) return [`the same ${counted(lines.length, 'line')} as above, at '${earlier}'`];
    this.#tasks.set(key, task);
    return lines;
  }
}
