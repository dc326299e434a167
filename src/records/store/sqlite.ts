type Sqlite = typeof import('node:sqlite');

/** The database that comes with Node, loaded when it is first needed; undefined where this Node was built without. */
export function sqlite(): Sqlite | undefined {
  const { emitWarning } = process;
  // Older versions of Node call it experimental, on the screen of every run.
  process.emitWarning = () => undefined;
  try {
    return process.getBuiltinModule('node:sqlite') as Sqlite | undefined;
  } finally {
    process.emitWarning = emitWarning;
  }
}
