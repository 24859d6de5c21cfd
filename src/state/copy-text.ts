/** Puts `text` into the clipboard. @throws DOMException where the browser keeps it closed */
export async function copyText(text: string): Promise<void> {
  const { clipboard } = navigator as { readonly clipboard?: Clipboard };
  if (!clipboard) throw new DOMException('There is no clipboard here.', 'NotAllowedError');
  await clipboard.writeText(text);
}
