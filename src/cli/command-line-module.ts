/**
 * The command line with all it needs at once, loaded when this Node is known to do.
 * The bundle has build/runtime/command-line-module.ts in its place.
 */
export function commandLineModule(_command: string): Promise<typeof import('./command-line.ts')> {
  return import('./command-line.ts');
}
