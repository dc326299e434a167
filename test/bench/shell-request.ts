import { createHash } from 'node:crypto';

/** What provision asks of a host in one channel. */
export interface ShellRequest {
  readonly command: string;
  readonly program: string;
}

/** What the host printed, in Latin-1, and the exit code of its shell. */
export interface ShellAnswer {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

// Nonces and names of runs: long hexadecimal numbers and UUIDs; and who runs it, for that is another one with each worker of a fleet.
const token =
  /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?:\/\d+:\d+:\d+)?|[0-9a-f]{16,}|process \d+, since [\dT:-]+Z/g;
const placeholder = /\x01(\d+)\x02/g;

/**
 * The tokens of a request, in the order of their first appearance. Requests that differ by nothing else have the same key, and
 * an answer to one of them, with its tokens exchanged, is what the same host would answer to the other.
 */
export function tokensOf({ command, program }: ShellRequest): readonly string[] {
  return [...new Set(`${command}\n${program}`.match(token))];
}

/** The same text for all requests of a kind. */
export function keyOf(request: ShellRequest): string {
  const text = withoutTokens(`${request.command}\n${request.program}`, tokensOf(request));
  return createHash('sha256').update(text).digest('base64');
}

/** A text with each token as a placeholder. */
export function withoutTokens(text: string, tokens: readonly string[]): string {
  return text.replace(token, (found) => {
    const index = tokens.indexOf(found);
    return index < 0 ? found : `\x01${index}\x02`;
  });
}

/** A text with the tokens of another request in their places. */
export function withTokens(text: string, tokens: readonly string[]): string {
  return text.replace(placeholder, (_, index) => tokens[Number(index)] ?? '');
}
