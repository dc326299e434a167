import type { Base } from './lab.ts';

const everywhere = ['docker.io', 'docker-compose', 'golang-go'];

/** Packages that every host of such a lab has: Docker Engine, Compose, and Go for what stands in for images that cannot be pulled. */
export function containerPackagesOn(base: Base): readonly string[] {
  // Debian 13 has the command docker in a package of its own.
  return base === 'trixie' ? [...everywhere, 'docker-cli'] : everywhere;
}
