import { expect, test } from 'vitest';
import { type Site, watchHosting } from './hosting.ts';
import { fakeStudio, openedStudio, until } from './testing/open-studio.ts';

class FakeWorker extends EventTarget {
  readonly asked: string[] = [];
  state: string;

  constructor(state: string) {
    super();
    this.state = state;
  }

  become(state: string): void {
    this.state = state;
    this.dispatchEvent(new Event('statechange'));
  }

  postMessage({ ask }: { ask: string }, [port]: readonly MessagePort[] = []): void {
    this.asked.push(ask);
    port?.postMessage({ kept: true });
  }
}

class FakeRegistration extends EventTarget {
  active: FakeWorker | null = null;
  installing: FakeWorker | null = null;
  waiting: FakeWorker | null = null;
}

/** A first visit to a host without headers, before the service worker is installed. */
function firstVisit(differs: Partial<Site> = {}) {
  const registration = new FakeRegistration();
  const worker = new FakeWorker('installing');
  registration.installing = worker;
  const changes = new EventTarget();
  let reloads = 0;
  let firstReload = true;
  const site: Site = {
    ...{ isolated: false, secure: true, savesData: false, untouched: () => true },
    reload: () => {
      reloads += 1;
    },
    firstReload: () => {
      const is = firstReload;
      firstReload = false;
      return is;
    },
    workers: {
      controller: null,
      register: async () => registration as unknown as ServiceWorkerRegistration,
      addEventListener: changes.addEventListener.bind(changes),
    },
    ...differs,
  };
  const activate = () => {
    registration.installing = null;
    registration.active = worker;
    worker.become('activated');
  };
  return { site, registration, worker, changes, activate, reloads: () => reloads };
}
/** The page that the service worker has answered. */
const controlled = (site: Site) =>
  site.workers && { ...site.workers, controller: {} as ServiceWorker };

const tick = () => new Promise((resolve) => setTimeout(resolve));

test('a first visit reloads once, when the service worker is active', async () => {
  const { studio } = fakeStudio();
  const { site, activate, reloads } = firstVisit();
  const done = watchHosting(studio, site);
  await tick();
  expect(reloads()).toBe(0);
  activate();
  await done;
  expect(reloads()).toBe(1);
});

test('a host that undoes the isolation makes no loop', async () => {
  const { studio } = fakeStudio();
  const { site, activate, reloads } = firstVisit({ firstReload: () => false });
  activate();
  await watchHosting(studio, site);
  expect(reloads()).toBe(0);
  expect(studio.store.getState().hosting.isolation.status).toBe('after-reload');

  await watchHosting(studio, { ...site, workers: controlled(site) });
  expect(reloads()).toBe(0);
  expect(studio.store.getState().hosting.isolation).toMatchObject({
    status: 'off',
    reason: 'this browser does not isolate the page',
  });
});

test('an open model and a touched page are not reloaded but asked', async () => {
  const { studio } = await openedStudio();
  const opened = firstVisit();
  opened.activate();
  await watchHosting(studio, opened.site);
  const touched = firstVisit({ untouched: () => false });
  touched.activate();
  const other = fakeStudio().studio;
  await watchHosting(other, touched.site);
  expect(opened.reloads() + touched.reloads()).toBe(0);
  const { offer } = studio.store.getState().hosting;
  expect(offer?.why).toBe('isolation');
  offer?.accept();
  expect(opened.reloads()).toBe(1);
});

test('a host that isolates the page needs no reload, and the page is kept', async () => {
  const { studio } = fakeStudio();
  const { site, worker, activate, reloads } = firstVisit({ isolated: true });
  activate();
  await watchHosting(studio, site);
  const { isolation, offline } = studio.store.getState().hosting;
  expect([isolation.status, offline.status, reloads()]).toEqual(['on', 'ready', 0]);
  expect(worker.asked).toEqual(['keep']);
});

test('a browser that saves data is not made to load what nobody uses', async () => {
  const { studio } = fakeStudio();
  const { site, worker, activate } = firstVisit({ isolated: true, savesData: true });
  activate();
  await watchHosting(studio, site);
  expect(studio.store.getState().hosting.offline.status).toBe('saving-data');
  expect(worker.asked).toEqual([]);
});

test.each([
  ['no service workers', { workers: null }, 'gives the page no service worker'],
  ['plain http', { workers: null, secure: false }, 'need https or localhost'],
])('%s: one thread, with the reason', async (_, differs, words) => {
  const { studio } = fakeStudio();
  await watchHosting(studio, firstVisit(differs).site);
  const { isolation, offline } = studio.store.getState().hosting;
  expect(isolation).toMatchObject({ status: 'off', reason: expect.stringContaining(words) });
  expect(offline.status).toBe('off');
});

test('a refused or failed installation is said', async () => {
  const { studio } = fakeStudio();
  const { site, worker } = firstVisit();
  const register = async () => {
    throw new DOMException('blocked', 'SecurityError');
  };
  await watchHosting(studio, { ...site, workers: site.workers && { ...site.workers, register } });
  expect(studio.store.getState().hosting.isolation).toMatchObject({
    reason: 'this browser refused a service worker (blocked)',
  });
  const done = watchHosting(studio, site);
  await tick();
  worker.become('redundant');
  await done;
  expect(studio.store.getState().hosting.isolation).toMatchObject({
    reason: 'the files of this page could not be kept',
  });
});

test('a new version is offered, starts when asked, and then reloads', async () => {
  const { studio } = fakeStudio();
  const { site, registration, changes, activate, reloads } = firstVisit({ isolated: true });
  activate();
  await watchHosting(studio, site);
  expect(studio.store.getState().hosting.offer).toBeNull();
  const newer = new FakeWorker('installing');
  registration.installing = newer;
  registration.dispatchEvent(new Event('updatefound'));
  registration.installing = null;
  registration.waiting = newer;
  newer.become('installed');
  await until(() => studio.store.getState().hosting.offer?.why === 'new-version');
  expect(newer.asked).toEqual([]);
  studio.store.getState().hosting.offer?.accept();
  expect(newer.asked).toEqual(['start']);
  expect(reloads()).toBe(0);
  changes.dispatchEvent(new Event('controllerchange'));
  expect(reloads()).toBe(1);
});
