import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { pythonJson } from '../../python/python-json.ts';

/** What is to be sent, and how it is written. */
export interface BodyRequest {
  readonly body?: unknown;
  readonly body_format?: 'raw' | 'json' | 'form-urlencoded' | 'form-multipart';
}

/** The bytes of a body and what they are; undefined where curl is to call them nothing in particular. */
export interface RequestBody {
  readonly bytes: string;
  readonly type?: string;
}

function pythonWord(value: unknown): string {
  return typeof value === 'boolean' ? (value ? 'True' : 'False') : String(value);
}

function urlencoded(body: object): string {
  const pairs = Array.isArray(body) ? (body as [unknown, unknown][]) : Object.entries(body);
  return new URLSearchParams(
    pairs.flatMap(([name, value]) =>
      [value]
        .flat()
        .filter((one) => one !== null)
        .map((one): [string, string] => [String(name), pythonWord(one)]),
    ),
  ).toString();
}

const mediaTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.csv': 'text/csv',
  '.gz': 'application/gzip',
  '.htm': 'text/html',
  '.html': 'text/html',
  '.jpg': 'image/jpeg',
  '.json': 'application/json',
  '.pdf': 'application/pdf',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.tar': 'application/x-tar',
  '.txt': 'text/plain',
  '.xml': 'text/xml',
  '.zip': 'application/zip',
};

interface Part {
  readonly head: string;
  readonly content: string;
}

function escaped(name: string): string {
  return name
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll(/[\r\n]/g, ' ');
}

function partOf(name: string, value: unknown): Part | string {
  const disposition = `Content-Disposition: form-data; name="${escaped(name)}"`;
  if (typeof value === 'string') return { head: disposition, content: value };
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    return `body: ${name} must be a text or a mapping with content, filename and mime_type`;
  const { filename, content, mime_type } = value as { readonly [key: string]: unknown };
  if (typeof content !== 'string')
    return `body: ${name} needs content, as in content: "{{ lookup('file', 'NAME') }}"`;
  const file = typeof filename === 'string' ? posix.basename(filename) : undefined;
  const type =
    typeof mime_type === 'string'
      ? mime_type
      : (mediaTypes[posix.extname(file ?? '').toLowerCase()] ?? 'application/octet-stream');
  const named = file === undefined ? '' : `; filename="${escaped(file)}"`;
  return { head: `${disposition}${named}\r\nContent-Type: ${escaped(type)}`, content };
}

function multipart(body: object): RequestBody | string {
  const parts: Part[] = [];
  for (const [name, value] of Object.entries(body).sort(([one], [other]) => (one < other ? -1 : 1))) {
    const part = partOf(name, value);
    if (typeof part === 'string') return part;
    parts.push(part);
  }
  // Made of what it stands between, so that it does not occur in there and the same request is the same text.
  const boundary = createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
  const bytes = parts.map(({ head, content }) => `--${boundary}\r\n${head}\r\n\r\n${content}\r\n`).join('');
  return { bytes: `${bytes}--${boundary}--\r\n`, type: `multipart/form-data; boundary=${boundary}` };
}

/** The bytes of a body; a text that says why they cannot be written so. */
export function requestBody({ body, body_format = 'raw' }: BodyRequest): RequestBody | string {
  if (body_format === 'form-multipart') {
    const isMapping = typeof body === 'object' && body !== null && !Array.isArray(body);
    return isMapping ? multipart(body) : 'body: form-multipart needs a mapping';
  }
  if (body_format === 'json')
    return {
      bytes: typeof body === 'string' ? body : pythonJson(body ?? null),
      type: 'application/json',
    };
  if (body_format === 'form-urlencoded') {
    const type = 'application/x-www-form-urlencoded';
    if (body === undefined || body === null) return { bytes: '', type };
    if (typeof body === 'object') return { bytes: urlencoded(body), type };
    return typeof body === 'string'
      ? { bytes: body, type }
      : 'body: form-urlencoded needs a mapping or a text';
  }
  if (body === undefined || body === null) return { bytes: '' };
  if (typeof body === 'string') return { bytes: body };
  return { bytes: typeof body === 'object' ? JSON.stringify(body) : String(body) };
}
