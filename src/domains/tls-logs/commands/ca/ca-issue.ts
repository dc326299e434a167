import { X509Certificate } from 'node:crypto';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { ProvisionError } from '../../../../errors/problem.ts';
import { writeNew } from '../../private-ca/durable-files.ts';
import { makeRequest } from '../../private-ca/key-request.ts';
import { print, runCaCommand } from './ca-command.ts';
import { signWith } from './ca-key-holder.ts';
import type { CaIssueOptions } from './ca-options.ts';
import { checkIssuedNames } from './issued-names.ts';

const chainFile = 'fullchain.pem';
const keyFile = 'privkey.pem';

/** `provision ca issue`: a certificate for what is no managed host; returns the exit code. */
export function caIssue(names: readonly string[], options: CaIssueOptions): Promise<number> {
  return runCaCommand(options, async (terminal) => {
    const { days, server = false, csr } = options;
    checkIssuedNames(names);
    const directory = resolve(options.directory);
    const out = resolve(options.out ?? (names[0] ?? '').replace(/[^\w.-]/g, '_'));
    const files = csr === undefined ? [chainFile, keyFile] : [chainFile];
    refuseExisting(out, files);
    checkWritable(out);
    const given = csr === undefined ? undefined : readRequest(csr);
    let key: string | undefined;
    const request = async () => {
      if (given !== undefined) return given;
      const made = await makeRequest();
      key = made.key;
      return made.request;
    };
    const chain = await signWith(directory, options, request, { names, days, server, unmanaged: true });
    await mkdir(out, { recursive: true, mode: 0o700 });
    if (key !== undefined) await writeNew(join(out, keyFile), key, 0o600);
    await writeNew(join(out, chainFile), chain, 0o644);
    const issued = new X509Certificate(chain);
    const uses = server ? 'a TLS client and server' : 'a TLS client';
    print(
      terminal,
      `issued ${names.join(', ')}, for ${uses}, until ${issued.validToDate.toISOString().slice(0, 10)}`,
      [
        ['certificate', join(out, chainFile)],
        ...(key === undefined ? [] : [['key', join(out, keyFile)] as const]),
        ['CA file', `${join(directory, 'ca.pem')}, for whoever is to trust it`],
        ['serial', issued.serialNumber],
      ],
      'Nobody renews it by itself: issue it again, into another folder, before it ends.',
    );
    print(
      terminal,
      'Whoever has its key can get lines into a log server that trusts this CA, under any name, when that has the driver ossl (the default, over tcp) and rsyslog before 8.2602: its list of permitted names is not enforced. For what is no log client, use a CA of its own (`provision ca init -d DIR`, then `provision ca issue -d DIR`); or set log_driver: gtls or log_transport: relp, or install rsyslog 8.2602 on the log server, as from backports.',
    );
  });
}

function refuseExisting(out: string, files: readonly string[]): void {
  const there = files.map((name) => join(out, name)).filter((path) => existsSync(path));
  if (there.length === 0) return;
  throw new ProvisionError([
    {
      code: 'file-exists',
      message: `${there.join(' and ')} ${there.length > 1 ? 'are' : 'is'} there already; nothing was issued`,
      hint: 'name another folder with --out, or move it away',
    },
  ]);
}

// A certificate that was issued and could not be written would be on record, and of no use. Throws what the system says.
function checkWritable(out: string): void {
  let place = out;
  while (!existsSync(place) && dirname(place) !== place) place = dirname(place);
  // With a slash behind it, a file is no directory.
  accessSync(`${place}/`, constants.W_OK | constants.X_OK);
}

function readRequest(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const message = `certificate request ${path}: ${error instanceof Error ? error.message : error}`;
    throw new ProvisionError([
      { code: 'missing-file', message, hint: `the path is relative to ${process.cwd()}` },
    ]);
  }
}
