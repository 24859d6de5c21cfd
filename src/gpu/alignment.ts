const ALIGNMENT = 256; // minStorageBufferOffsetAlignment, guaranteed everywhere

/** Bytes up to where a binding may begin. */
export const aligned = (byteLength: number): number =>
  Math.ceil(byteLength / ALIGNMENT) * ALIGNMENT;
