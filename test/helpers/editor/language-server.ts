import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Something the server says of a place in a file. */
export interface Diagnostic {
  readonly message: string;
  readonly range: { readonly start: { readonly line: number; readonly character: number } };
}

type Message = Readonly<Record<string, unknown>>;

const program = fileURLToPath(
  new URL('../../../node_modules/yaml-language-server/bin/yaml-language-server', import.meta.url),
);

/** The language server of editors for YAML, with one schema for every file that it is shown. */
export class LanguageServer {
  readonly #process: ChildProcess;
  readonly #answers = new Map<number, (result: unknown) => void>();
  readonly #diagnostics = new Map<string, (found: readonly Diagnostic[]) => void>();
  readonly #schema: string;
  #received = Buffer.alloc(0);
  #number = 0;

  private constructor(schema: string) {
    this.#schema = schema;
    this.#process = spawn(process.execPath, [program, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#process.stdout?.on('data', (chunk: Buffer) => this.#read(chunk));
  }

  /** Starts it; the schema is a `file:` URL. */
  static async start(schema: string): Promise<LanguageServer> {
    const server = new LanguageServer(schema);
    await server.#ask('initialize', {
      processId: process.pid,
      rootUri: null,
      capabilities: {
        workspace: { configuration: true },
        textDocument: { completion: {}, hover: { contentFormat: ['plaintext'] } },
      },
    });
    server.#send({ method: 'initialized', params: {} });
    return server;
  }

  /** Shows it a text; gives what it finds wrong. */
  open(uri: string, text: string): Promise<readonly Diagnostic[]> {
    const found = new Promise<readonly Diagnostic[]>((resolve) => this.#diagnostics.set(uri, resolve));
    const textDocument = { uri, languageId: 'yaml', version: 1, text };
    this.#send({ method: 'textDocument/didOpen', params: { textDocument } });
    return found;
  }

  /** What it proposes at a place of a text that it was shown. */
  async completions(uri: string, line: number, character: number): Promise<readonly string[]> {
    const params = { textDocument: { uri }, position: { line, character } };
    const answer = await this.#ask('textDocument/completion', params);
    const { items } = answer as { readonly items: readonly { readonly label: string }[] };
    return items.map(({ label }) => label);
  }

  /** What it explains there. */
  async hover(uri: string, line: number, character: number): Promise<string> {
    const params = { textDocument: { uri }, position: { line, character } };
    const answer = (await this.#ask('textDocument/hover', params)) as Message | null;
    return String((answer?.contents as Message | undefined)?.value ?? '');
  }

  async stop(): Promise<void> {
    await this.#ask('shutdown', null);
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#send({ method: 'exit' });
    await ended;
  }

  #ask(method: string, params: unknown): Promise<unknown> {
    const id = ++this.#number;
    const answer = new Promise((resolve) => this.#answers.set(id, resolve));
    this.#send({ id, method, params });
    return answer;
  }

  #send(message: Message): void {
    const text = JSON.stringify({ jsonrpc: '2.0', ...message });
    this.#process.stdin?.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
  }

  #read(chunk: Buffer): void {
    this.#received = Buffer.concat([this.#received, chunk]);
    for (;;) {
      const head = this.#received.indexOf('\r\n\r\n');
      if (head < 0) return;
      const length = Number(/Content-Length: (\d+)/i.exec(this.#received.toString('latin1', 0, head))?.[1]);
      const end = head + 4 + length;
      if (this.#received.length < end) return;
      const text = this.#received.toString('utf8', head + 4, end);
      this.#received = this.#received.subarray(end);
      this.#obey(JSON.parse(text) as Message);
    }
  }

  #obey({ id, method, params, result }: Message): void {
    if (method === undefined) this.#answers.get(id as number)?.(result);
    else if (method === 'workspace/configuration') {
      const settings = {
        yaml: {
          schemas: { [this.#schema]: '*' },
          schemaStore: { enable: false },
          validate: true,
          completion: true,
          hover: true,
        },
      };
      const { items } = params as { readonly items: readonly { readonly section: string }[] };
      const parts = items.map(({ section }) => (settings as Message)[section] ?? {});
      this.#send({ id, result: parts });
    } else if (method === 'textDocument/publishDiagnostics') {
      const { uri, diagnostics } = params as {
        readonly uri: string;
        readonly diagnostics: readonly Diagnostic[];
      };
      this.#diagnostics.get(uri)?.(diagnostics);
    } else if (id !== undefined) this.#send({ id, result: null });
  }
}
