import { Component, type ReactNode } from 'react';
import { toFailure } from '../state/failure.ts';

interface Props {
  readonly children: ReactNode;
}

/** A fault while drawing is said in words instead of an empty page. */
export class ErrorBoundary extends Component<Props, { readonly error: unknown }> {
  override state: { readonly error: unknown } = { error: null };

  static getDerivedStateFromError(error: unknown): { readonly error: unknown } {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return (
      <main className="start-failed">
        <div className="banner e large" role="alert">
          <div className="grow">
            <h1>Whittle failed</h1>
            <p className="t2">{toFailure(error).message}. Reload the page to go on.</p>
            <button
              type="button"
              className="btn primary"
              style={{ marginTop: 12 }}
              onClick={() => location.reload()}
            >
              Reload
            </button>
          </div>
        </div>
      </main>
    );
  }
}
