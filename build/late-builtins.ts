import type { Plugin } from 'rolldown';

/** Modules of Node are loaded when something of them is first used: node:crypto alone takes as long as all our code. */
export function lateBuiltins(): Plugin {
  return {
    name: 'late-builtins',
    // The first file must say to an old Node, which has no getBuiltinModule, that it is too old.
    renderChunk: (code, { name }) => ({
      code:
        name === 'main'
          ? code
          : code
              .replaceAll(/^(node_\w+) = [\w.]*__toESM\(\1, 1\);$/gm, '')
              .replaceAll(/^let (node_\w+) = require\("(node:[\w/]+)"\);$/gm, (_, name, module) => {
                const whole = `process.getBuiltinModule("${module}")`;
                const get = `(_, key) => key === "default" ? ${whole} : ${whole}[key]`;
                return `let ${name} = new Proxy({}, { get: ${get} });`;
              }),
      map: null,
    }),
  };
}
