import { isDeepStrictEqual } from 'node:util';
import { type Document, isAlias, isMap, isPair, isSeq, parseAllDocuments, visit } from 'yaml';
import { EditFault, nextEdit, type Source } from './node-edit.ts';
import { isBlock, ownPair, rangeOf } from './node-range.ts';
import { hasText, speaksOf, withLeaf, without, withTexts } from './service-merge.ts';
import { isValues, leaves, type ServiceWish, type Values } from './service-wish.ts';
import { column, lineStart, spliced } from './text-splice.ts';

/** A compose file as it is. */
export interface ComposeFile {
  readonly path: string;
  readonly text: string;
}

/** The files as they are to be, or why they cannot become so. */
export interface ServiceEdit {
  readonly files: readonly ComposeFile[];
  readonly faults: readonly string[];
}

interface Read {
  readonly path: string;
  readonly source: Source;
  readonly whole: Values;
  /** What the file says of the service; undefined when it does not name it. */
  readonly service: Values | undefined;
}

// No edit of one service takes more steps.
const mostEdits = 1000;

/**
 * Edits what compose files say of one service. They count one after another, as with `-f` or an override: what is wanted is written
 * into the last file that has a say in it, else into the first that has the service. Whatever is not edited stays as it is, byte for byte.
 */
export function editService(files: readonly ComposeFile[], service: string, wish: ServiceWish): ServiceEdit {
  try {
    const read = files.map((file) => readFile(file, service));
    const first = read.findIndex((one) => one.service !== undefined);
    if (first < 0) return faulty(files, missing(read, service));
    const wanted = wantedServices(read, first, wish);
    const lost = wish.replace.flatMap((one) => notFound(read, service, one));
    if (lost.length > 0) return faulty(files, ...lost);
    return {
      faults: [],
      files: read.map((one, index) => {
        const want = wanted[index];
        return want === undefined ? { path: one.path, text: one.source.text } : edited(one, service, want);
      }),
    };
  } catch (error) {
    if (error instanceof EditFault) return faulty(files, error.message);
    throw error;
  }
}

function faulty(files: readonly ComposeFile[], ...faults: readonly string[]): ServiceEdit {
  return { files, faults };
}

function missing(read: readonly Read[], service: string): string {
  const known = read.flatMap(({ whole }) => Object.keys(isValues(whole.services) ? whole.services : {}));
  const paths = read.map(({ path }) => path).join(', ');
  return `there is no service ${service} in ${paths}; it has ${known.length > 0 ? known.join(', ') : 'none'}`;
}

function wantedServices(
  read: readonly Read[],
  first: number,
  wish: ServiceWish,
): readonly (Values | undefined)[] {
  const wanted = read.map(({ service }) => service);
  const change = (index: number, by: (service: Values) => Values) => {
    const service = wanted[index];
    if (service) wanted[index] = by(service);
  };
  for (const index of read.keys()) {
    change(index, (service) => withTexts(service, wish.replace));
    change(index, (service) => wish.absent.reduce(without, service));
  }
  for (const leaf of leaves(wish.settings)) {
    const said = wanted.findLastIndex((service) => service !== undefined && speaksOf(service, leaf));
    change(said < 0 ? first : said, (service) => withLeaf(service, leaf));
  }
  return wanted;
}

function notFound(
  read: readonly Read[],
  service: string,
  { texts, with: wanted }: ServiceWish['replace'][number],
): readonly string[] {
  if ([wanted, ...texts].some((text) => read.some((one) => hasText(one.service, text)))) return [];
  const says = read.flatMap((one) => (one.service?.command === undefined ? [] : [one.service.command]));
  const command = says.length > 0 ? `; its command is ${JSON.stringify(says.at(-1))}` : '; it has no command';
  return [
    `nothing in service ${service} says ${texts.join(' or ')}, which ${wanted} is to replace${command}`,
  ];
}

function readFile({ path, text }: ComposeFile, service: string): Read {
  const [document, ...more] = parseAllDocuments(text, { merge: true, prettyErrors: true });
  if (!document || !('contents' in document) || !document.contents) throw new EditFault(`${path} is empty`);
  if (more.length > 0) throw new EditFault(`${path} holds several YAML documents; Compose reads one`);
  const [error] = document.errors;
  if (error) throw new EditFault(`${path}${place(error)}: no YAML: ${error.message.split('\n', 1)[0]}`);
  const whole = valuesOf(document, path);
  if (!isValues(whole.services)) {
    throw new EditFault(
      `${path} has no \`services:\`; a file without it is of Compose's first format, which docker compose no longer reads`,
    );
  }
  const said = whole.services[service];
  if (said === null) throw new EditFault(`service ${service} is empty in ${path}`);
  const source: Source = {
    text,
    document: document as Document.Parsed,
    ...layout(text, document as Document.Parsed),
  };
  return { path, source, whole, service: isValues(said) ? said : undefined };
}

function place({
  linePos,
}: {
  readonly linePos?: readonly { line: number; col: number }[] | undefined;
}): string {
  const [at] = linePos ?? [];
  return at ? `:${at.line}:${at.col}` : '';
}

function valuesOf(document: Pick<Document, 'toJS'>, path: string): Values {
  try {
    const whole = document.toJS();
    if (isValues(whole)) return whole;
  } catch (error) {
    throw new EditFault(`${path}: no YAML: ${error instanceof Error ? error.message : error}`);
  }
  throw new EditFault(`${path} is no mapping`);
}

// How far a level and the items of a list stand to the right, as the file itself has it.
function layout(text: string, document: Document): Pick<Source, 'step' | 'indentSeq'> {
  const found: { step?: number; indentSeq?: boolean } = {};
  visit(document, {
    Pair(_, pair) {
      if (!isPair(pair) || !isBlock(pair.value) || !pair.key) return;
      const inner = isMap(pair.value) ? pair.value.items[0]?.key : pair.value;
      const from = rangeOf(pair.key)[0];
      if (lineStart(text, from) === lineStart(text, rangeOf(inner)[0])) return;
      const deeper = column(text, rangeOf(inner)[0]) - column(text, from);
      if (isMap(pair.value)) found.step ??= deeper;
      if (isSeq(pair.value)) found.indentSeq ??= deeper > 0;
    },
  });
  return { step: found.step ?? 2, indentSeq: found.indentSeq ?? true };
}

function edited(read: Read, name: string, want: Values): ComposeFile {
  const { path } = read;
  let now = read;
  for (let count = 0; count < mostEdits; count += 1) {
    const { source } = now;
    const found = source.document.get('services', true);
    const services = isMap(found) ? found : undefined;
    const pair = services && ownPair(services, name);
    if (!pair)
      throw new EditFault(`service ${name} is merged from elsewhere in ${path}, and cannot be edited`);
    if (isAlias(pair.value)) {
      throw new EditFault(
        `service ${name} of ${path} is another's (*${pair.value.source}): write \`<<: *${pair.value.source}\` below it in its place`,
      );
    }
    const at = { pair, inFlow: services.flow === true, column: column(source.text, rangeOf(pair.key)[0]) };
    const edit = nextEdit(source, pair.value, want, at);
    if (!edit) return { path, text: onlyThat(read, now, name) };
    now = readFile({ path, text: spliced(source.text, edit) }, name);
  }
  throw new EditFault(`${path} cannot be edited as wanted`);
}

// What one service and others have in common (an anchor) must not change the others.
function onlyThat(before: Read, after: Read, name: string): string {
  const [old, now] = [before.whole, after.whole].map((whole) => ({
    ...whole,
    ...(whole.services as Values),
  }));
  const others = Object.keys(old ?? {}).filter(
    (key) => key !== name && key !== 'services' && !isDeepStrictEqual(old?.[key], now?.[key]),
  );
  if (others.length > 0) {
    throw new EditFault(
      `what is to change in service ${name} of ${before.path} is also that of ${others.join(', ')}, by an anchor: write it out for ${name} first`,
    );
  }
  return after.source.text;
}
