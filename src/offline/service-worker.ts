/**
 * Stands between the page and its host: gives the page the headers that isolate it, and its files
 * without a network. Touches only what the build consists of; models never pass here.
 */
import { isRequest, type OfflineReply } from '../bridge/offline-messages.ts';
import type { BuildFiles } from './build-files.ts';
import { keptBuild } from './kept-build.ts';

declare const self: ServiceWorkerGlobalScope;
/** Put in by the build. */
declare const __BUILD_FILES__: BuildFiles;

const files = __BUILD_FILES__;
const build = keptBuild(files, self.registration.scope, caches, fetch.bind(self));

self.addEventListener('install', (event) => event.waitUntil(build.keep(files.shell)));

self.addEventListener('activate', (event) => event.waitUntil(activate()));

async function activate(): Promise<void> {
  await self.clients.claim();
  await tidy();
}

/** Another tab may still run an earlier build. */
async function tidy(): Promise<void> {
  const windows = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  if (windows.length <= 1) await build.removeOthers();
}

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const isPart = request.method === 'GET' && !request.headers.has('range');
  if (isPart && build.has(new URL(request.url))) event.respondWith(answer(request));
});

/** What cannot be had as it was built is left to the host. */
async function answer(request: Request): Promise<Response> {
  try {
    return (await build.answer(new URL(request.url))) ?? (await fetch(request));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return fetch(request);
  }
}

self.addEventListener('message', (event) => {
  const { data, ports } = event;
  if (!isRequest(data)) return;
  if (data.ask === 'start') void self.skipWaiting();
  else event.waitUntil(keepAll(ports[0]));
});

async function keepAll(port: MessagePort | undefined): Promise<void> {
  await tidy();
  try {
    await build.keep([...files.shell, ...files.later]);
    port?.postMessage({ kept: true } satisfies OfflineReply);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    port?.postMessage({ kept: false, reason } satisfies OfflineReply);
  }
}
