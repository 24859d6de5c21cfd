/**
 * A build in the browser's cache. Each entry is keyed by path and version, so that builds share
 * what has not changed, and an old tab finds its files until `removeOthers`. Answers carry the
 * headers of the build, whatever its host sends.
 */
import type { BuildFile, BuildFiles } from './build-files.ts';

/** What a browser must be told of types; hosts differ on the last ones. */
const TYPES: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json',
  png: 'image/png',
  svg: 'image/svg+xml',
  wasm: 'application/wasm',
  webmanifest: 'application/manifest+json',
};
const PAGE = './';

export interface KeptBuild {
  /** Fetches what is not kept yet. @throws TypeError if the host has other files, or there is no room */
  keep(files: readonly BuildFile[]): Promise<void>;
  /** The answer to a request for `url`; null if this build leaves it to the host. */
  answer(url: URL): Promise<Response | null>;
  /** Whether `answer` has something to say. */
  has(url: URL): boolean;
  /** Removes the files of other builds. */
  removeOthers(): Promise<void>;
}

/** `scope` — the address of the folder that holds the page, with its last slash */
export function keptBuild(
  build: BuildFiles,
  scope: string,
  caches: CacheStorage,
  load: typeof fetch,
): KeptBuild {
  const files = new Map([...build.shell, ...build.later].map((file) => [file.path, file]));
  const loading = new Map<string, Promise<Response>>();
  // Other folders of this origin may hold a studio, too.
  const opened = caches.open(`whittle ${scope}`);
  const keyOf = ({ path, version }: BuildFile) => `${new URL(path, scope).href}?v=${version}`;

  const pathOf = ({ href, search, hash }: URL): string | null => {
    if (!href.startsWith(scope)) return null;
    const path = href.slice(scope.length, href.length - search.length - hash.length);
    return path === '' || path === 'index.html' ? PAGE : path;
  };

  /** Asks the host once for what is wanted twice at a time. */
  async function obtain(file: BuildFile): Promise<Response> {
    const under = loading.get(file.path) ?? fetchFile(file);
    loading.set(file.path, under);
    try {
      return (await under).clone();
    } finally {
      loading.delete(file.path);
    }
  }

  async function fetchFile(file: BuildFile): Promise<Response> {
    const { path, integrity } = file;
    const isHashed = path.startsWith('assets/');
    const response = await load(new URL(path, scope).href, {
      cache: isHashed ? 'default' : 'no-cache', // past what an earlier build left
      ...(integrity !== null && { integrity }),
    });
    if (!response.ok) throw new TypeError(`${path}: HTTP ${response.status}`);
    const content = await response.blob();
    if (path === PAGE && !(await content.text()).includes(build.entry)) {
      throw new TypeError('The page on the host belongs to another build.');
    }
    // A new one, as a redirected answer may not be given to a navigation.
    const headers = { ...build.headers, 'Content-Type': typeOf(path) };
    return new Response(content, { headers });
  }

  return {
    async keep(wanted) {
      const cache = await opened;
      for (const file of wanted) {
        if (await cache.match(keyOf(file))) continue;
        await cache.put(keyOf(file), await obtain(file));
      }
    },

    has(url) {
      const path = pathOf(url);
      return path !== null && (files.has(path) || path.startsWith('assets/'));
    },

    async answer(url) {
      const path = pathOf(url);
      if (path === null) return null;
      const file = files.get(path);
      const cache = await opened;
      if (!file) {
        // A tab of an earlier build loads another part of it, which the host may have removed.
        return (await cache.match(url.href, { ignoreSearch: true })) ?? null;
      }
      const kept = await cache.match(keyOf(file));
      if (kept) return kept;
      const response = await obtain(file);
      await cache.put(keyOf(file), response.clone()).catch(() => undefined); // no room: only answered
      return response;
    },

    async removeOthers() {
      const cache = await opened;
      const own = new Set([...files.values()].map(keyOf));
      const others = (await cache.keys()).filter(({ url }) => !own.has(url));
      await Promise.all(others.map((request) => cache.delete(request)));
    },
  };
}

const typeOf = (path: string): string => {
  const extension = path === PAGE ? 'html' : path.slice(path.lastIndexOf('.') + 1);
  return TYPES[extension] ?? 'application/octet-stream';
};
