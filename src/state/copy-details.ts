import { handOut } from './hand-out.ts';
import type { Studio } from './store.ts';

/** Puts what is known of a failure into the clipboard; by hand where the browser keeps it closed. */
export async function copyDetails(studio: Studio, text: string): Promise<void> {
  await handOut(studio, async () => {
    try {
      await studio.effects.copy(text);
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      studio.store.setState({ handOver: { kind: 'copy', text } });
      return 'The browser keeps its clipboard closed. Copy the details by hand.';
    }
    return 'Copied the details of the refusal.';
  });
}
