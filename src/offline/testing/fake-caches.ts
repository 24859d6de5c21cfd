/** As much of the browser's cache as the service worker uses, in memory. */

export class FakeCaches {
  readonly stores = new Map<string, FakeCache>();

  async open(name: string): Promise<FakeCache> {
    const store = this.stores.get(name) ?? new FakeCache();
    this.stores.set(name, store);
    return store;
  }
}

class FakeCache {
  readonly kept = new Map<string, Response>();
  /** Set when the disk is full. */
  full = false;

  async match(url: string, options?: CacheQueryOptions): Promise<Response | undefined> {
    const bare = (address: string) => (options?.ignoreSearch ? address.split('?')[0] : address);
    const found = [...this.kept].find(([key]) => bare(key) === bare(url));
    return found?.[1].clone();
  }

  async put(url: string, response: Response): Promise<void> {
    if (this.full) throw new DOMException('The disk is full.', 'QuotaExceededError');
    this.kept.set(url, response);
  }

  async keys(): Promise<Request[]> {
    return [...this.kept.keys()].map((url) => new Request(url));
  }

  async delete(request: Request): Promise<boolean> {
    return this.kept.delete(request.url);
  }
}
