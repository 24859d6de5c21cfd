/** Random models whose nodes have bodies and whose functions have weights. */

import { writeNode, writeOpset, writeTensorHeader, writeValueInfo } from '../encode.ts';
import { type Bytes, encode } from '../proto-writer.ts';
import { buildMessage, buildNode, floatTensor } from './build-model.ts';

export type Choose = (count: number) => number;

/** Park–Miller, enough to choose by. */
export function chooser(seed: number): Choose {
  let state = seed * 7919 + 1;
  return (count) => {
    state = (state * 48271) % 2147483647;
    return state % count;
  };
}

const DEEPEST = 4;
const UNKNOWN = buildMessage([7001, 5], [7002, 'kept']);

/** A ModelProto; every message ends in unknown fields, and some graphs list nodes out of order. */
export function nestedModel(seed: number): Bytes {
  const choose = chooser(seed);
  const names = new Counter();
  const main = graphFields(choose, names, ['x'], 0);
  return encode((writer) => {
    writer.varintField(1, 8);
    writer.bytesField(7, main);
    writer.message(8, () => writeOpset(writer, '', 17));
    for (let count = choose(3); count > 0; count--) {
      writer.bytesField(25, functionFields(choose, names, count));
    }
    writer.raw(UNKNOWN);
  });
}

class Counter {
  #count = 0;
  next = (base: string): string => `${base}${this.#count++}`;
}

function graphFields(
  choose: Choose,
  names: Counter,
  outer: readonly string[],
  depth: number,
): Bytes {
  const visible = [...outer];
  const weights = Array.from({ length: 1 + choose(3) }, () => names.next('w'));
  const nodes: Bytes[] = [];
  const any = () => visible[choose(visible.length)] ?? 'x';
  for (let count = 1 + choose(5); count > 0; count--) {
    const output = names.next('v');
    const bodies = depth < DEEPEST && choose(3) === 0 ? 1 + choose(2) : 0;
    nodes.push(
      encode((writer) => {
        const inputs = bodies > 0 ? [any()] : [any(), weights[choose(weights.length)] ?? 'x'];
        writeNode(writer, buildNode(bodies > 0 ? 'If' : 'MatMul', inputs, [output]));
        for (let body = 0; body < bodies; body++) {
          const fields = graphFields(choose, names, [...visible, ...weights], depth + 1);
          const isSplit = choose(4) === 0; // singular messages merge
          writer.message(5, () => {
            writer.textField(1, `body_${body}`);
            if (isSplit) writer.bytesField(6, UNKNOWN);
            writer.bytesField(6, fields);
            writer.varintField(20, 5);
          });
        }
        writer.raw(UNKNOWN);
      }),
    );
    visible.push(output);
  }
  const last = visible.at(-1) ?? 'x';
  if (choose(3) === 0) nodes.reverse();
  return encode((writer) => {
    for (const node of nodes) writer.bytesField(1, node);
    writer.textField(2, names.next('g'));
    for (const name of weights) {
      const length = 1 + choose(200);
      const tensor = floatTensor(
        name,
        [length],
        Array.from({ length }, () => choose(1000)),
      );
      writer.message(5, () => {
        writeTensorHeader(writer, tensor);
        writer.raw(tensor.bytes ?? new Uint8Array(0));
      });
    }
    if (depth === 0) writer.message(11, () => writeValueInfo(writer, 'x', 'float32', ['N']));
    writer.message(12, () => writeValueInfo(writer, last, 'float32', ['N']));
    writer.raw(UNKNOWN);
  });
}

function functionFields(choose: Choose, names: Counter, index: number): Bytes {
  const weight = names.next('k');
  const constant = encode((writer) => {
    writer.textField(2, weight);
    writer.textField(4, 'Constant');
    writer.message(5, () => {
      writer.textField(1, 'value');
      const tensor = floatTensor('', [2], [choose(9), choose(9)]);
      writer.message(5, () => {
        writeTensorHeader(writer, tensor);
        writer.raw(tensor.bytes ?? new Uint8Array(0));
      });
      writer.varintField(20, 4);
    });
  });
  const inner = graphFields(choose, names, ['a', weight], DEEPEST);
  const user = buildMessage(
    ...([
      [1, weight],
      [2, 'b'],
      [4, 'If'],
    ] as const),
    [5, buildMessage([1, 'then_branch'], [6, inner], [20, 5])],
  );
  return encode((writer) => {
    writer.textField(1, `F${index}`);
    writer.textField(4, 'a');
    writer.textField(5, 'b');
    writer.bytesField(7, constant);
    writer.bytesField(7, user);
    writer.message(9, () => writeOpset(writer, '', 17));
    writer.textField(10, 'own');
    writer.raw(UNKNOWN);
  });
}
