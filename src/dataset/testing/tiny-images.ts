/** Small images, written by Pillow 13, and the pixels that they were made of. */

const bytesOf = (base64: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));

/** Interleaved RGB of a pattern without symmetry. */
export function pattern(width: number, height: number): Uint8Array {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const value = [x * 37 + y * 11, x * x * 7 + y * 53, (x * 91) ^ (y * 29)];
      data.set(
        value.map((one) => one % 256),
        (y * width + x) * 3,
      );
    }
  }
  return data;
}

/** `pattern(6, 4)`. */
export const PNG = bytesOf(
  'iVBORw0KGgoAAAANSUhEUgAAAAYAAAAECAIAAAAiZtkUAAAATUlEQVR4nGNkYGBQZY9WFY1WVY5WNYxWtY9m4TaV5WZ/zS36lVv5N7chK7epMERImlv0IbeyPLfhU25TZYjQam7RBm7lXdyGT7ntJwMAErMPZaE8cMwAAAAASUVORK5CYII=',
);

/** `pattern(6, 4)`, lossless. */
export const WEBP = bytesOf(
  'UklGRlgAAABXRUJQVlA4TEsAAAAvBcAAALkKRPQ/dhHR/zCoaRtJKhfBIlgEn+vjz/D0hRIlsW1F6if4kh0yoW4sYpBqVWgUJuJHMpXOC47L4yMoDsMgcCg4OhXDoQEA',
);

/** The first bytes of 6 × 4 pixels, lossy. */
export const WEBP_LOSSY_HEAD = bytesOf(
  'UklGRn4AAABXRUJQVlA4IHIAAABQAgCdASoGAAQAAMASJbACdDKYB5gBsx3j',
);

/** 24 × 16 pixels of (200, 31, 90). */
export const JPEG = bytesOf(
  '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAIBAQEBAQIBAQECAgICAgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJBwYGCAsICQoKCgoKBggLDAsKDAkKCgr/2wBDAQICAgICAgUDAwUKBwYHCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgr/wAARCAAQABgDAREAAhEBAxEB/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/8QAHwEAAwEBAQEBAQEBAQAAAAAAAAECAwQFBgcICQoL/8QAtREAAgECBAQDBAcFBAQAAQJ3AAECAxEEBSExBhJBUQdhcRMiMoEIFEKRobHBCSMzUvAVYnLRChYkNOEl8RcYGRomJygpKjU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6goOEhYaHiImKkpOUlZaXmJmaoqOkpaanqKmqsrO0tba3uLm6wsPExcbHyMnK0tPU1dbX2Nna4uPk5ebn6Onq8vP09fb3+Pn6/9oADAMBAAIRAxEAPwD5frQ/1ACgAoAKACgAoA//2Q==',
);
