/** Plain servers of files: types by extension, and no header of ours. */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.mjs': 'text/javascript',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

export interface FileServer extends AsyncDisposable {
  readonly origin: string;
  /** Ends it, if it runs. */
  close(): Promise<void>;
}

/**
 * Serves folders on a free port of this computer.
 * - `mounts` — folders by the path that they are served under, with its slashes: `/ort/`
 * - `before` — waited for before a path, relative to its folder, is answered
 */
export async function serveFiles(
  mounts: Readonly<Record<string, string>>,
  before: (path: string) => Promise<void> = async () => undefined,
): Promise<FileServer> {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const path = pathname.endsWith('/') ? `${pathname}index.html` : pathname;
    try {
      const mount = Object.entries(mounts).find(([prefix]) => path.startsWith(prefix));
      if (!mount) throw new Error('elsewhere');
      const [prefix, folder] = mount;
      const wanted = decodeURIComponent(path.slice(prefix.length));
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
  return { origin: `http://localhost:${port}`, close, [Symbol.asyncDispose]: close };
}
