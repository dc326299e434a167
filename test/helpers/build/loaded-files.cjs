// Preloaded by a test: prints at the end which files were read, one a line, on stderr.
const fs = require('node:fs');

const read = fs.readFileSync;
const paths = [];
fs.readFileSync = (path, ...rest) => {
  paths.push(String(path));
  return read(path, ...rest);
};
process.on('exit', () => fs.writeSync(2, paths.map((path) => `read ${path}\n`).join('')));
