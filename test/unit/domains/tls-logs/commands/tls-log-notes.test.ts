import { afterAll, beforeAll, expect, test } from 'vitest';
import { containerNotes } from '../../../../../src/domains/containers/records/container-notes.ts';
import { tlsLogNotes } from '../../../../../src/domains/tls-logs/commands/records/tls-log-notes.ts';
import type { RunEvent } from '../../../../../src/runner/events.ts';
import { resultOf } from '../../../../helpers/report/sample-run.ts';
import { OpensslAuthority } from '../../../../helpers/tls-logs/openssl-authority.ts';

const made = new OpensslAuthority();
beforeAll(() => made.root('one', 'subjectAltName=DNS:one.lab'));
afterAll(() => made.remove());

function sight(more: Readonly<Record<string, unknown>>): RunEvent {
  const seen = { kind: 'certificate', place: '/tls/own', stage: 'served', chain: made.pem('one'), ...more };
  return { type: 'observation', host: 'h1', task: '1.a', seen };
}

test('a certificate is noted once for each place and stage, with its end', () => {
  const notes = tlsLogNotes();
  const note = {
    kind: 'certificates',
    host: 'h1',
    subject: 'one.lab',
    detail: expect.stringMatching(/^served, \/tls\/own, SHA-256 (?:[0-9A-F]{2}:){31}[0-9A-F]{2}$/),
    ends: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
  };
  expect(notes(sight({}))).toEqual([note]);
  expect(notes(sight({}))).toEqual([]);
  const deployed = { ...note, detail: expect.stringMatching(/^deployed, /) };
  expect(notes(sight({ stage: 'deployed' }))).toEqual([deployed]);
});

test('what is no certificate is not noted', () => {
  const notes = tlsLogNotes();
  expect(notes(sight({ chain: undefined }))).toEqual([]);
  expect(notes(sight({ chain: 'nonsense' }))).toEqual([]);
  expect(notes(sight({ kind: 'letter' }))).toEqual([]);
});

test('a line that arrived is noted with its time, no other', () => {
  const notes = tlsLogNotes();
  const message = 'h2 -> h1: arrived in 41 ms, TLSv1.3, AES';
  const proof = {
    message,
    resource: 'log_line',
    result: { milliseconds: 41, version: 'TLSv1.3', cipher: 'AES' },
  };
  expect(notes(resultOf('h2', 'a line', proof))).toEqual([
    {
      kind: 'lines that arrived',
      host: 'h2',
      to: 'h1',
      subject: 'a line',
      detail: 'TLSv1.3, AES',
      milliseconds: 41,
    },
  ]);
  expect(notes(resultOf('h2', 'a line', { ...proof, status: 'failed' }))).toEqual([]);
  expect(notes(resultOf('h2', 'a line', { ...proof, resource: 'debug' }))).toEqual([]);
  expect(notes(resultOf('h2', 'a line', { ...proof, result: {} }))).toEqual([]);
  const ofContainers = containerNotes();
  expect(ofContainers(resultOf('h2', 'a line', proof))).toEqual([]);
  expect(
    ofContainers(
      resultOf('h2', 'a line', { ...proof, resource: 'container_line', result: { milliseconds: 7 } }),
    ),
  ).toEqual([
    { kind: 'lines that arrived', host: 'h2', to: 'h1', subject: 'a line', detail: '', milliseconds: 7 },
  ]);
});
