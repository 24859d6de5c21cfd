/** A file server as plain as they come: types by extension, and no header of ours. */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

export interface PlainServer extends AsyncDisposable {
  /** Address of the folder, with its last slash. */
  readonly url: string;
  /** Ends it, if it runs. */
  close(): Promise<void>;
}

/**
 * Serves `folder` below `prefix` ("/some/where/") on a free port of this computer.
 * `before` — waited for before a path, relative to the folder, is answered
 */
export async function servePlainly(
  folder: string,
  prefix: string,
  before: (path: string) => Promise<void> = async () => undefined,
): Promise<PlainServer> {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const path = pathname.endsWith('/') ? `${pathname}index.html` : pathname;
    try {
      if (!path.startsWith(prefix)) throw new Error('elsewhere');
      const wanted = path.slice(prefix.length);
      await before(wanted);
      const content = await readFile(join(folder, normalize(`/${wanted}`)));
      response.setHeader('Content-Type', TYPES[extname(path)] ?? 'application/octet-stream');
      response.end(content);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((listening) => server.listen(0, 'localhost', listening));
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  };
  return { url: `http://localhost:${port}${prefix}`, close, [Symbol.asyncDispose]: close };
}
