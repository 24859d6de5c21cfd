/** Notifications of the system, where the browser has them and the person allows them. */

/** Asks the person once; only upon a click. */
export async function askToTell(): Promise<boolean> {
  if (typeof Notification === 'undefined') return false;
  return (await Notification.requestPermission()) === 'granted';
}

/** A click on it brings the tab to the front. */
export function tell(title: string, body: string): void {
  if (typeof Notification === 'undefined' || Notification.permission !== 'granted') return;
  try {
    const notification = new Notification(title, { body, tag: 'whittle' });
    notification.addEventListener('click', () => {
      window.focus();
      notification.close();
    });
  } catch (error) {
    // Phones notify through service workers only: there the tab's title has to do.
    if (!(error instanceof TypeError)) throw error;
  }
}
