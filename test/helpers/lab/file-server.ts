// node file-server.ts FOLDER PORT: serves the files of a folder over HTTP and prints the path of each request.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { basename, join } from 'node:path';

const [folder = '', port = ''] = process.argv.slice(2);

const server = createServer((request, response) => {
  const name = basename(request.url ?? '');
  readFile(join(folder, name)).then(
    (content) => {
      console.log(`sent ${name}`);
      response.end(content);
    },
    () => {
      console.log(`missing ${name}`);
      response.writeHead(404).end();
    },
  );
});
server.listen(Number(port), () => console.log('serving'));
