import {
  type AliasEvent,
  COLLECTION_STYLE,
  constructFromEvents,
  EVENT_ID,
  type Event,
  getScalarValue,
  type MappingEvent,
  SCALAR_STYLE,
  type ScalarEvent,
  type SequenceEvent,
  YAMLException,
} from 'js-yaml';
import type { Position, Problem, ProblemCode } from '../../../errors/problem.ts';
import { isOctal, plainValue } from '../../../jinja/values/yaml-scalar.ts';
import { type Vault, VaultError } from '../vault/vault.ts';
import type { LineIndex } from './line-index.ts';
import { MappingEntries } from './mapping-entries.ts';
import { oddBlank, oddBlankIn } from './odd-blank.ts';
import { type YamlChild, YamlNode } from './yaml-node.ts';
import { numberProblem } from './yaml-number.ts';
import { unquotedTemplate } from './yaml-syntax.ts';
import { isVaultTag, refusedTag, tagged, unsafeText } from './yaml-tags.ts';

// More than this many values, aliases unfolded, is an accident or an attack.
const maxSize = 1_000_000;

/** Builds nodes with positions from the parser's events, collecting problems instead of throwing. */
export class NodeBuilder {
  readonly problems: Problem[] = [];
  /** Characters taken for letters that were meant as spaces: what was built of them is not what was meant. */
  readonly oddBlanks: Problem[] = [];
  readonly #vault: Vault;
  readonly #lines: LineIndex;
  readonly #events: readonly Event[];
  readonly #anchors = new Map<string, YamlNode>();
  #next = 0;
  /** Where the last text or collection began. */
  #last = 0;

  constructor(lines: LineIndex, events: readonly Event[], vault: Vault) {
    this.#vault = vault;
    this.#lines = lines;
    this.#events = events;
  }

  /** One node per document of the file. */
  documents(): YamlNode[] {
    const roots: YamlNode[] = [];
    while (this.#next < this.#events.length) {
      this.#next += 1;
      this.#anchors.clear();
      const start = this.#lines.position(0);
      roots.push(this.#atEnd() ? new YamlNode(null, start) : this.#node(() => start));
      this.#next += 1;
    }
    return roots;
  }

  #atEnd(): boolean {
    return this.#events[this.#next]?.type === EVENT_ID.POP;
  }

  #problem(code: ProblemCode, message: string, at: Position, rest: Partial<Problem> = {}): void {
    this.problems.push({ code, message, at, ...rest });
  }

  /**
   * @param fallback where a value stands that is not written at all
   * @param key what it is the value of
   */
  #node(fallback: () => Position, key = ''): YamlNode {
    const event = this.#events[this.#next];
    this.#next += 1;
    switch (event?.type) {
      case EVENT_ID.SCALAR:
        return this.#anchored(event, this.#scalar(event, fallback, key.endsWith('mode')));
      case EVENT_ID.SEQUENCE:
        return this.#anchored(event, this.#sequence(event));
      case EVENT_ID.MAPPING:
        return this.#anchored(event, this.#mapping(event));
      case EVENT_ID.ALIAS:
        return this.#alias(event);
      default:
        throw new Error('the YAML parser gave events in an unknown order');
    }
  }

  #anchored(event: ScalarEvent | SequenceEvent | MappingEvent, node: YamlNode): YamlNode {
    if (event.anchorStart >= 0) {
      this.#anchors.set(this.#lines.text.slice(event.anchorStart, event.anchorEnd), node);
    }
    return node;
  }

  #alias(event: AliasEvent): YamlNode {
    const name = this.#lines.text.slice(event.anchorStart, event.anchorEnd);
    const at = this.#lines.position(event.anchorStart - 1, event.anchorEnd);
    const node = this.#anchors.get(name);
    if (node) return node;
    this.#problem('unknown-alias', `there is no anchor &${name} before this alias`, at, {
      hint: `write &${name} where the value first stands, or put *${name} in quotes when it is text`,
    });
    return new YamlNode(null, at);
  }

  #tag(event: ScalarEvent | SequenceEvent | MappingEvent): string {
    return event.tagStart < 0 ? '' : this.#lines.text.slice(event.tagStart, event.tagEnd);
  }

  #scalar(event: ScalarEvent, fallback: () => Position, isMode: boolean): YamlNode {
    const { text } = this.#lines;
    const quoted = event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED;
    const margin = quoted ? 1 : 0;
    const empty = event.valueStart < 0;
    if (!empty) this.#last = event.valueEnd;
    const block = event.style === SCALAR_STYLE.LITERAL_BLOCK || event.style === SCALAR_STYLE.FOLDED_BLOCK;
    const indent = block ? (/^\s*/.exec(text.slice(event.valueStart))?.[0].length ?? 0) : 0;
    const at = empty
      ? fallback()
      : this.#lines.position(event.valueStart + indent - margin, event.valueEnd + margin);
    const raw = getScalarValue(text, event);
    const blank = event.style === SCALAR_STYLE.PLAIN && !empty ? oddBlankIn(raw) : undefined;
    if (blank !== undefined)
      this.oddBlanks.push(oddBlank(this.#lines, text.indexOf(raw[blank] ?? '', event.valueStart)));
    const tag = this.#tag(event);
    const tagAt = () => this.#lines.position(event.tagStart, event.tagEnd);
    if (tag === '' && event.style !== SCALAR_STYLE.PLAIN) return new YamlNode(raw, at);
    if (tag === '!unsafe') {
      const kept = unsafeText(raw);
      if (kept === undefined) this.problems.push(refusedTag('!unsafe', tagAt(), 'this text'));
      return new YamlNode(kept ?? raw, at);
    }
    if (isVaultTag(tag)) return new YamlNode(this.#opened(raw, at), at);
    if (tag !== '' && !tagged(tag)) {
      this.problems.push(refusedTag(tag, tagAt()));
      return new YamlNode(raw, at);
    }
    if (tag !== '') return new YamlNode(this.#resolved(event, raw, at), at);
    // A mode is octal by what is written, wherever it goes from there.
    if (isMode && isOctal(raw)) return new YamlNode(raw, at);
    const misread = numberProblem(raw, at);
    if (misread) this.problems.push(misread);
    return new YamlNode(plainValue(raw), at);
  }

  #opened(raw: string, at: Position): string {
    try {
      return this.#vault.open(raw).toString('utf8');
    } catch (error) {
      if (!(error instanceof VaultError)) throw error;
      this.#problem('encrypted', error.message, at, { hint: error.hint });
      return raw;
    }
  }

  #resolved(event: ScalarEvent, raw: string, at: Position): unknown {
    const document = { type: EVENT_ID.DOCUMENT, explicitStart: false, explicitEnd: false, directives: [] };
    const events: Event[] = [document, { ...event, anchorStart: -1, anchorEnd: -1 }, { type: EVENT_ID.POP }];
    try {
      return constructFromEvents(events, { source: this.#lines.text })[0];
    } catch (error) {
      if (!(error instanceof YAMLException)) throw error;
      this.#problem('wrong-tag', `'${raw}' is not what the tag ${this.#tag(event)} says`, at);
      return raw;
    }
  }

  #checkCollectionTag(event: SequenceEvent | MappingEvent): void {
    const tag = this.#tag(event);
    if (tag === '' || tag === '!' || tag === '!!seq' || tag === '!!map') return;
    const at = this.#lines.position(event.tagStart, event.tagEnd);
    this.problems.push(refusedTag(tag, at, tag === '!unsafe' ? 'a list or mapping' : undefined));
  }

  // Where an item begins that may turn out to be empty: at its dash.
  #dash(last: number, fallback: Position): Position {
    const { text } = this.#lines;
    const dash = /^[\s\S]*?\n\s*-/.exec(text.slice(last))?.[0].length;
    return dash === undefined ? fallback : this.#lines.position(last + dash - 1);
  }

  #sequence(event: SequenceEvent): YamlNode {
    this.#checkCollectionTag(event);
    const at = this.#lines.position(event.start);
    const children = new Map<number, YamlChild>();
    while (!this.#atEnd()) {
      const before = this.#last;
      const node = this.#node(() => this.#dash(before, at));
      children.set(children.size, { keyAt: node.position, node });
    }
    this.#next += 1;
    const value = [...children.values()].map(({ node }) => node.value);
    return this.#sized(new YamlNode(value, at, children));
  }

  #mapping(event: MappingEvent): YamlNode {
    const { text } = this.#lines;
    if (event.style === COLLECTION_STYLE.FLOW && text.startsWith('{{', event.start))
      return this.#template(event);
    this.#checkCollectionTag(event);
    const at = this.#lines.position(event.start);
    const entries = new MappingEntries(this.problems);
    while (!this.#atEnd()) {
      const keyEvent = this.#events[this.#next];
      const key = this.#key(keyEvent, at);
      const node = this.#node(() => key.position, typeof key.value === 'string' ? key.value : '');
      const isMerge =
        keyEvent?.type === EVENT_ID.SCALAR && keyEvent.style === SCALAR_STYLE.PLAIN && key.value === '<<';
      if (isMerge) entries.merge(node);
      else entries.add(key, node);
    }
    this.#next += 1;
    return this.#sized(YamlNode.mapping(at, entries.all()));
  }

  // A key that is written without quotes is the text that is written, `on` and `8080` too.
  #key(event: Event | undefined, at: Position): YamlNode {
    const key = this.#node(() => at);
    const written =
      event?.type === EVENT_ID.SCALAR && event.style === SCALAR_STYLE.PLAIN && event.tagStart < 0;
    return written && event.valueStart >= 0 ? key.withValue(getScalarValue(this.#lines.text, event)) : key;
  }

  // `{{ name }}` parses as a mapping in a mapping: it is taken for the text that was meant.
  #template(event: MappingEvent): YamlNode {
    for (let depth = 1; depth > 0; this.#next += 1) {
      const type = this.#events[this.#next]?.type;
      if (type === EVENT_ID.POP) depth -= 1;
      if (type === EVENT_ID.MAPPING || type === EVENT_ID.SEQUENCE) depth += 1;
    }
    const { text } = this.#lines;
    const close = text.indexOf('}}', event.start);
    const end = close < 0 ? event.start + 2 : close + 2;
    const problem = unquotedTemplate(this.#lines, event.start, end);
    this.problems.push(problem);
    return new YamlNode(text.slice(event.start, end), this.#lines.position(event.start, end));
  }

  #sized(node: YamlNode): YamlNode {
    if (node.size <= maxSize) return node;
    this.#problem('too-large', `aliases unfold to more than ${maxSize} values`, node.position);
    return new YamlNode(null, node.position);
  }
}
