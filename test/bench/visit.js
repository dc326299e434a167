// visit.js KEY ADDRESS...: the least that any tool over ssh2 has to do: one connection and one `sh -s` on each host, all at
// once. Plain JavaScript, so that its time holds no compilation.
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { Client } from 'ssh2';

const [keyFile = '', ...addresses] = process.argv.slice(2);
const privateKey = readFileSync(keyFile);

/** @param {string} address */
function visit(address) {
  return new Promise((resolve, reject) => {
    const client = new Client();
    client.on('error', reject).on('ready', () => {
      client.exec('sh -s', (error, channel) => {
        if (error) return reject(error);
        channel
          .on('close', (/** @type {number} */ code) => {
            client.end();
            if (code === 0) resolve(address);
            else reject(new Error(`${address}: code ${code}`));
          })
          .resume();
        channel.end('uname -s\n');
      });
    });
    client.connect({
      sock: connect({ host: address, port: 22, noDelay: true }),
      username: 'root',
      privateKey,
    });
  });
}

await Promise.all(addresses.map(visit));
