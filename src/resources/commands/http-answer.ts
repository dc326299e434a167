/** What curl printed of an exchange: heads and body, then what it says of it. */
export interface HttpAnswer {
  /** -1 where there was none. */
  readonly status: number;
  readonly reason: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly url: string;
  readonly redirected: boolean;
  /** Whole seconds. */
  readonly elapsed: number;
  /** How curl ended: 0, or its number of an error. */
  readonly code: number;
}

interface Head {
  readonly status: number;
  readonly reason: string;
  readonly lines: readonly string[];
  readonly rest: Buffer;
}

function firstHead(data: Buffer): Head | undefined {
  if (!data.subarray(0, 5).equals(Buffer.from('HTTP/'))) return undefined;
  const [end, width] = [data.indexOf('\r\n\r\n'), 4];
  if (end < 0) return undefined;
  const [line = '', ...lines] = data.subarray(0, end).toString('latin1').split('\r\n');
  const [, status = '-1', reason = ''] = /^HTTP\/\S+ (\d{3}) ?(.*)$/.exec(line) ?? [];
  return { status: Number(status), reason, lines, rest: data.subarray(end + width) };
}

// Names of headers as Ansible gives them; of one that is there several times, all values.
function headersOf(lines: readonly string[]): { readonly [name: string]: string } {
  const found = new Map<string, string>();
  for (const line of lines) {
    const [, name, value] = /^([^:\s]+):\s*(.*?)\s*$/.exec(line) ?? [];
    if (name === undefined || value === undefined) continue;
    const key = name.toLowerCase().replaceAll('-', '_');
    const before = found.get(key);
    found.set(key, before === undefined ? value : `${before}, ${value}`);
  }
  return Object.fromEntries(found);
}

/** Reads what `curl -i` printed, with the mark of `httpMark` behind it. */
export function readHttpAnswer(data: Buffer): HttpAnswer {
  const end = data.lastIndexOf('\nprovision_end ');
  const [, rounds = '0', seconds = '0', url = '', code = '1'] =
    /^provision_end \d+ (\d+) ([\d.,]+) (\S*) (\d+)\s*$/.exec(
      (end < 0 ? Buffer.alloc(0) : data.subarray(end + 1)).toString(),
    ) ?? [];
  let body = data.subarray(0, Math.max(end, 0));
  let head: Head | undefined;
  const cookies: Record<string, string> = {};
  for (let redirects = Number(rounds), next = firstHead(body); next; next = firstHead(body)) {
    head = next;
    body = next.rest;
    for (const line of next.lines) {
      const [, name, value] = /^set-cookie:\s*([^=;\s]+)=([^;]*)/i.exec(line) ?? [];
      if (name !== undefined && value !== undefined) cookies[name] = value;
    }
    if (next.status >= 200 && redirects-- <= 0) break;
  }
  const failed = code !== '0' && head === undefined;
  return {
    status: failed ? -1 : (head?.status ?? -1),
    reason: head?.reason ?? '',
    headers: headersOf(head?.lines ?? []),
    cookies,
    body: Buffer.from(body),
    url,
    redirected: Number(rounds) > 0,
    elapsed: Math.floor(Number(seconds.replace(',', '.'))),
    code: Number(code),
  };
}

/** What curl is to print behind an answer, its status first; its exit code goes behind it. */
export const httpMark = '\\nprovision_end %{http_code} %{num_redirects} %{time_total} %{url_effective} ';
