/** Puts a text on the clipboard; false where the browser refuses, for instance in an unfocused page. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false; // the caller says so, and the text is there to be selected
  }
}
