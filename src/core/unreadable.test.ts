import { expect, test } from 'vitest';
import { StudioError } from './studio-error.ts';
import { unreadable } from './unreadable.ts';

test('a file that was moved is named, with the remedy', () => {
  const error = unreadable(
    new DOMException('permission problems', 'NotReadableError'),
    new File(['x'], 'model.onnx'),
  );
  expect(error).toBeInstanceOf(StudioError);
  expect(error).toMatchObject({ code: 'missing-file', detail: { file: 'model.onnx' } });
  expect(String(error)).toMatch(/model\.onnx can no longer be read.*Open it again/);
});

test('a slice has no name', () => {
  const error = unreadable(new DOMException('gone', 'NotFoundError'), new Blob(['x']));
  expect(error).toMatchObject({ code: 'missing-file' });
});

test.each([new DOMException('no room', 'QuotaExceededError'), new TypeError('a bug')])(
  'another failure stays what it is: %s',
  (error) => {
    expect(unreadable(error, new Blob([]))).toBe(error);
  },
);
