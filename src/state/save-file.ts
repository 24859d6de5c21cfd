/** Hands `content` to the person as a download named `fileName`. */
export function saveFile(fileName: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const anchor = document.createElement('a');
  anchor.href = url;
  anchor.download = fileName;
  anchor.click();
  // The browser reads the blob after this task; an early revoke would cancel the download.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
