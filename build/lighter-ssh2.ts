import type { Plugin } from 'rolldown';

/** What is written otherwise in a file of ssh2, each once. */
type Edits = readonly (readonly [from: string, to: string])[];

const files = new Map<string, Edits>([
  // Agents for HTTP over a channel: nobody here asks for them, and Node's https takes as long as all of ssh2.
  [
    'ssh2/lib/index.js',
    [["require('./http-agents.js')", '{ SSHTTPAgent: undefined, SSHTTPSAgent: undefined }']],
  ],
  // A server's other host keys: it would have to sign for each of them, and nobody here listens.
  ['ssh2/lib/client.js', [['hostKeysProve(this, data, (err, keys) => {', 'void ((err, keys) => {']]],
  // Each packet has a cipher of its own: Node takes three times as long to see that bytes are a key.
  [
    'ssh2/lib/protocol/crypto.js',
    [
      ['this._encKey = enc.cipherKey;', "this._encKey = require('crypto').createSecretKey(enc.cipherKey);"],
      [
        'this._decipherKey = dec.decipherKey;',
        "this._decipherKey = require('crypto').createSecretKey(dec.decipherKey);",
      ],
    ],
  ],
]);

/** Leaves out of ssh2 what provision does not use and every connection would pay for; fails where ssh2 has changed. */
export function lighterSsh2(): Plugin {
  return {
    name: 'lighter-ssh2',
    transform(code, id) {
      const edits = [...files].find(([file]) => id.endsWith(`/${file}`))?.[1];
      return edits === undefined ? null : { code: edited(code, edits, id), map: null };
    },
  };
}

function edited(code: string, edits: Edits, file: string): string {
  return edits.reduce((text, [from, to]) => {
    if (text.split(from).length !== 2) throw new Error(`${file} has not exactly one \`${from}\``);
    return text.replace(from, () => to);
  }, code);
}
