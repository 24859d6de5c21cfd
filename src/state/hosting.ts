/**
 * The page's part of its service worker, which gives isolation and offline use on hosts that send
 * no headers. Isolation needs one reload: the page does it by itself only on a first visit that
 * nobody has touched, once a tab; else it is offered, as a new version is.
 */
import type { OfflineReply, OfflineRequest } from '../bridge/offline-messages.ts';
import type { Hosting, Isolation, Offline, ReloadOffer } from './state.ts';
import type { Studio } from './store.ts';

/** What hosting needs of the browser; tests give their own. */
export interface Site {
  /** null where the browser has no service workers, or not for this page. */
  readonly workers: Workers | null;
  readonly isolated: boolean;
  /** Whether the page came by https or from this computer. */
  readonly secure: boolean;
  /** The person asked the browser to load little. */
  readonly savesData: boolean;
  /** Nobody has done anything on the page yet. */
  untouched(): boolean;
  /** True the first time in a tab. */
  firstReload(): boolean;
  reload(): void;
}

/** The part of a `ServiceWorkerContainer` that is used. */
export interface Workers extends Pick<EventTarget, 'addEventListener'> {
  readonly controller: ServiceWorker | null;
  register(): Promise<ServiceWorkerRegistration>;
}

/** Starts the service worker and follows what comes of it. */
export async function watchHosting(studio: Studio, site: Site): Promise<void> {
  const { workers, isolated } = site;
  if (isolated) setIsolation(studio, { status: 'on' });
  if (!workers) {
    refuse(studio, noWorkers(site));
    return;
  }
  const wasControlled = workers.controller !== null;
  let worker: ServiceWorker | null;
  let registration: ServiceWorkerRegistration;
  try {
    registration = await workers.register();
    followVersions(studio, site, registration, workers);
    worker = await active(registration);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    refuse(studio, `this browser refused a service worker (${reason})`);
    return;
  }
  if (!worker) {
    refuse(studio, 'the files of this page could not be kept');
    return;
  }
  if (!isolated) {
    if (wasControlled) {
      setIsolation(studio, { status: 'off', reason: 'this browser does not isolate the page' });
    } else if (mayReload(studio, site)) {
      site.reload();
      return;
    } else {
      setIsolation(studio, { status: 'after-reload' });
      offer(studio, { why: 'isolation', accept: () => site.reload() });
    }
  }
  if (site.savesData) setOffline(studio, { status: 'saving-data' });
  else await keepOffline(studio, worker);
}

const noWorkers = ({ secure }: Site): string =>
  secure
    ? 'this browser gives the page no service worker'
    : 'the page came by http: they need https or localhost';

/** A page that is isolated by its host stays so. */
function refuse(studio: Studio, reason: string): void {
  const { isolation } = studio.store.getState().hosting;
  if (isolation.status !== 'on') setIsolation(studio, { status: 'off', reason });
  setOffline(studio, { status: 'off', reason });
}

function mayReload({ store }: Studio, site: Site): boolean {
  const { session, opening, wanted } = store.getState();
  const isIdle = session === null && wanted === null && opening.status === 'idle';
  return isIdle && site.untouched() && site.firstReload();
}

/** The worker once it is active; null if it could not be installed. */
function active(registration: ServiceWorkerRegistration): Promise<ServiceWorker | null> {
  const worker = registration.active ?? registration.waiting ?? registration.installing;
  return new Promise((resolve) => {
    const look = () => {
      if (worker?.state === 'activated') resolve(worker);
      else if (!worker || worker.state === 'redundant') resolve(null);
    };
    worker?.addEventListener('statechange', look);
    look();
  });
}

/** A version that is installed beside one that runs waits until the person lets it start. */
function followVersions(
  studio: Studio,
  site: Site,
  registration: ServiceWorkerRegistration,
  workers: Workers,
): void {
  const accept = () => {
    const { waiting } = registration;
    if (!waiting) {
      site.reload(); // another tab has let it start
      return;
    }
    workers.addEventListener('controllerchange', () => site.reload());
    waiting.postMessage({ ask: 'start' } satisfies OfflineRequest);
  };
  const look = () => {
    if (registration.waiting && registration.active) offer(studio, { why: 'new-version', accept });
  };
  const follow = () => registration.installing?.addEventListener('statechange', look);
  registration.addEventListener('updatefound', follow);
  follow();
  look();
}

async function keepOffline(studio: Studio, worker: ServiceWorker): Promise<void> {
  setOffline(studio, { status: 'keeping' });
  const { port1, port2 } = new MessageChannel();
  const reply = new Promise<OfflineReply>((resolve) => {
    port1.addEventListener('message', ({ data }: MessageEvent<OfflineReply>) => resolve(data));
    port1.start();
  });
  worker.postMessage({ ask: 'keep' } satisfies OfflineRequest, [port2]);
  const answer = await reply;
  port1.close();
  setOffline(studio, answer.kept ? { status: 'ready' } : { status: 'off', reason: answer.reason });
}

const setIsolation = (studio: Studio, isolation: Isolation) => change(studio, { isolation });
const setOffline = (studio: Studio, offline: Offline) => change(studio, { offline });
const offer = (studio: Studio, made: ReloadOffer) => change(studio, { offer: made });

function change({ store }: Studio, part: Partial<Hosting>): void {
  store.setState(({ hosting }) => ({ hosting: { ...hosting, ...part } }));
}
