import type { Static } from 'typebox';
import type { Arrival, ControlOutcome, ExchangeResource, Json } from '../../../resources/resource.ts';
import type { ScriptOutput } from '../../../shell/script-output.ts';
import { logLine } from './log-line.ts';
import type { logLineSchema } from './log-lines/log-line-schema.ts';
import { wireScript } from './log-lines/wire-script.ts';
import { readWire, type ShownWire, wireVerdict } from './log-lines/wire-seen.ts';

/** What the result of a log_wire says of the wire; nothing in that of another resource. */
export function wireOf({ wire }: { readonly [key: string]: Json }): { readonly wire?: ShownWire } {
  return typeof wire === 'object' && wire !== null && 'safe' in wire
    ? { wire: wire as unknown as ShownWire }
    : {};
}

type Args = Static<typeof logLineSchema>;

function judge(want: Args, sent: ScriptOutput, arrival: Arrival | undefined): ControlOutcome {
  const { arrival: detail = '', wire } = arrival ? readWire(arrival.detail) : {};
  const proof = logLine.judge(want, sent, arrival && { ...arrival, detail });
  if (proof.status !== 'ok') return proof;
  // The line arrived: whether it could be read is another question, about which journals say nothing.
  const { safe, message } = wireVerdict(wire, want.listener);
  const { readable = [], inside = [], ...seen } = wire ?? {};
  return {
    ...proof,
    message: `${proof.message}\n${message}`,
    result: { ...proof.result, wire: { safe, ...seen, readable: [...readable], inside: [...inside] } },
  };
}

/** Proves what log_line proves, and that nobody on the way could have read the line. Takes what log_line takes. */
export const logWire: ExchangeResource<Args> = {
  ...logLine,
  name: 'log_wire',
  summary:
    'Sends a line as log_line does, for `provision verify --wire`, and reads all packets of the log server meanwhile',
  // A line that was sent before the capture began says nothing of the wire.
  listenScript: (wants, tokens, ahead) => (ahead ? 'echo ready' : wireScript(wants, tokens)),
  sendScript: (want, token, ahead) => (ahead ? 'exit 1' : logLine.sendScript(want, token, false)),
  judge,
};
