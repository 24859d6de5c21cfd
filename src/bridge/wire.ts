/** How calls, their progress and their answers cross between page and workers. */
import type { ErrorCode, ErrorDetail } from '../core/studio-error.ts';

/** A call as it crosses; `Client` and `Handlers` give it its types at both ends. */
export interface Request {
  readonly id: number;
  readonly method: string;
  readonly args: readonly unknown[];
}

/** `cancel` aborts; `stop` asks a measurement to end with what it has. */
export type Control = { readonly id: number; readonly control: 'cancel' | 'stop' };

export interface WireError {
  readonly code: ErrorCode | 'cancelled' | 'bug';
  readonly message: string;
  readonly detail?: ErrorDetail;
}

export type Reply =
  | { readonly id: number; readonly progress: unknown }
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: WireError };
