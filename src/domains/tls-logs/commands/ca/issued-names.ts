import { isIP } from 'node:net';
import { ProvisionError } from '../../../../errors/problem.ts';

/** Refuses names that a person may well type and that no log daemon would match. Throws ProvisionError with all of them. */
export function checkIssuedNames(names: readonly string[]): void {
  const problems = names.flatMap((name) => {
    const fault = faultOf(name);
    return fault ? [{ code: 'certificate-request', ...fault } as const] : [];
  });
  if (problems.length > 0) throw new ProvisionError(problems);
}

function faultOf(name: string): { readonly message: string; readonly hint: string } | undefined {
  if (name.includes('*')) {
    const domain = /^[*][.]([\w.-]+)$/.exec(name)?.[1] ?? 'lan';
    return {
      message: `'${name}' is a wildcard: it would stand for every name there, and the private CA certifies single ones`,
      hint: `name each by its own name: provision ca issue printer.${domain}`,
    };
  }
  const address = name.replace(/^[[](.*)[\]]$/, '$1');
  if (isIP(address) === 0) return undefined;
  return {
    message: `'${name}' is an address: log daemons compare the DNS names of a certificate, and never an address`,
    hint: 'give it a name, which need not resolve: provision ca issue printer.lan',
  };
}
