/** Mutations of ONNX files: some of bytes, most of messages with lengths that still fit. */
import { ModelProtoSchema } from 'onnx-buf';
import type { Random } from '../../../core/random.ts';
import { pick } from '../../../core/testing/fuzz.ts';
import { HOSTILE_NAMES } from '../../../core/testing/hostile-text.ts';
import { type ByteSpan, type Bytes, mutateBytes } from '../../../core/testing/mutate-bytes.ts';
import {
  allNodes,
  cloneNode,
  isRaw,
  type PlacedNode,
  parseMessage,
  varintBytes,
  type WireNode,
  writeMessage,
} from './wire-nodes.ts';

const EDGE_VALUES: readonly bigint[] = [
  ...[0n, 1n, 2n, 3n, 7n, 16n, 127n, 128n, 255n, 256n, 65_535n, 65_536n],
  ...[31n, 32n, 53n, 62n, 63n].flatMap((power) => [2n ** power - 1n, 2n ** power]),
  ...[2n ** 64n - 1n, 2n ** 64n - 2n, 2n ** 32n + 1n],
];
/** Lengths of strings around the limits of what is loaded. */
const LONG = [1, 63, 64, 1000, 65_535, 65_536, 65_537, 100_000];

export interface MutationBase {
  readonly name: string;
  readonly bytes: Bytes;
  /** Where raw values are. */
  readonly dull: readonly ByteSpan[];
}

export function mutationBase(name: string, bytes: Bytes): MutationBase {
  const dull = allNodes(parseMessage(bytes, ModelProtoSchema))
    .filter(({ node }) => isRaw(node))
    .map(({ node: { content } }) => ({
      start: content.byteOffset - bytes.byteOffset,
      end: content.byteOffset - bytes.byteOffset + content.length,
    }))
    .sort((a, b) => a.start - b.start);
  return { name, bytes, dull };
}

/** One to three changes; never the base itself, unless they cancel out. */
export function mutateModel({ bytes, dull }: MutationBase, random: Random): Bytes {
  const rounds = random.below(4) === 0 ? 1 + random.below(3) : 1;
  if (random.below(5) < 2) {
    let mutant = mutateBytes(bytes, random, dull);
    for (let round = 1; round < rounds; round++) mutant = mutateBytes(mutant, random);
    return mutant;
  }
  const message = parseMessage(bytes, ModelProtoSchema);
  for (let round = 0; round < rounds; round++) mutateMessage(message, random);
  return writeMessage(message);
}

type Mutation = (target: PlacedNode, all: readonly PlacedNode[], random: Random) => void;

function mutateMessage(message: WireNode[], random: Random): void {
  const all = allNodes(message);
  if (all.length === 0) return;
  let target = pick(random, all);
  if (isRaw(target.node) && random.below(10) > 0) target = pick(random, all);
  pick(random, MUTATIONS)(target, all, random);
}

const insert = (siblings: WireNode[], random: Random, ...nodes: WireNode[]): void => {
  siblings.splice(random.below(siblings.length + 1), 0, ...nodes);
};

const varint = (number: number, value: bigint, length = 0): WireNode => ({
  ...{ number, wireType: 0, field: undefined, children: null },
  content: varintBytes(value, length),
});

const delimited = (number: number, content: Uint8Array): WireNode => ({
  ...{ number, wireType: 2, field: undefined, children: null, content },
});

const contentOf = ({ children, content }: WireNode): Uint8Array =>
  children ? writeMessage(children) : content;

const group = (number: number, content: Uint8Array): WireNode => ({
  ...{ number, wireType: 3, field: undefined, children: null },
  content: Uint8Array.of(...content.subarray(0, 200), ...varintBytes(BigInt(number * 8 + 4))),
});

const MUTATIONS: readonly Mutation[] = [
  function remove({ node, siblings }) {
    siblings.splice(siblings.indexOf(node), 1);
  },
  function duplicate({ node, siblings }) {
    siblings.splice(siblings.indexOf(node), 0, cloneNode(node));
  },
  function duplicateAnywhere({ node, siblings }, _, random) {
    insert(siblings, random, cloneNode(node));
  },
  function swap({ node, siblings }, _, random) {
    const [at, other] = [siblings.indexOf(node), random.below(siblings.length)];
    const found = siblings[other];
    if (found) [siblings[at], siblings[other]] = [found, node];
  },
  function shuffle({ siblings }, _, random) {
    siblings.sort(() => random.below(3) - 1);
  },
  function copyOver({ node, siblings }, all, random) {
    const same = all.filter(({ node: { field } }) => field && field === node.field);
    if (same.length > 0) siblings[siblings.indexOf(node)] = cloneNode(pick(random, same).node);
  },
  function copyInto({ node }, all, random) {
    const { siblings } = pick(random, all);
    if (contentOf(node).length < 100_000) insert(siblings, random, cloneNode(node));
  },
  function split({ node, siblings }, _, random) {
    if (!node.children || node.children.length < 2) return;
    const rest = node.children.splice(random.below(node.children.length));
    siblings.splice(siblings.indexOf(node) + 1, 0, { ...node, children: rest });
  },
  function renumber({ node }, all, random) {
    node.number = random.below(3) ? pick(random, all).node.number : 1 + random.below(5000);
  },
  function retype({ node, siblings }, _, random) {
    const at = siblings.indexOf(node);
    const content = contentOf(node);
    const fixed = (wireType: number, length: number): WireNode => ({
      ...{ ...node, wireType, children: null },
      content: Uint8Array.from({ length }, (_each, index) => content[index] ?? 0),
    });
    siblings[at] = pick(random, [
      () => varint(node.number, BigInt(content[0] ?? 0)),
      () => fixed(1, 8),
      () => fixed(5, 4),
      () => delimited(node.number, content),
      () => group(node.number, node.children ? content : new Uint8Array(0)),
    ])();
  },
  ...Array.from({ length: 3 }, () => changeValue),
  ...Array.from({ length: 3 }, () => changeText),
  function pack({ node, siblings }) {
    if (node.wireType === 0 || node.wireType === 5) {
      siblings[siblings.indexOf(node)] = delimited(node.number, node.content);
    }
  },
  function resize({ node }, _, random) {
    if (node.wireType !== 2 || node.children) return;
    const { content } = node;
    const length = Math.max(0, content.length + random.below(9) - 4);
    const resized = new Uint8Array(length);
    resized.set(content.subarray(0, length));
    node.content = resized;
  },
  function addUnknown({ node, siblings }, _, random) {
    const number = pick(random, [9, 15, 16, 26, 27, 99, 5000, 2 ** 29 - 1]);
    const made = pick(random, [
      () => varint(number, pick(random, EDGE_VALUES), random.below(11)),
      () => delimited(number, contentOf(node).subarray(0, 1000)),
      () => ({ ...delimited(number, new Uint8Array(4)), wireType: 5 }),
      () => ({ ...delimited(number, new Uint8Array(8)), wireType: 1 }),
      () => group(number, node.children ? contentOf(node) : new Uint8Array(0)),
    ])();
    insert(siblings, random, made);
  },
  function nest({ node }, all, random) {
    const graphs = all.filter(({ node: { field } }) => field?.message?.name === 'GraphProto');
    const isNode = node.field?.message?.name === 'NodeProto';
    if (!isNode || !node.children || graphs.length === 0) return;
    const graph = pick(random, graphs).node;
    if (contentOf(graph).length > 100_000) return;
    const body = delimited(6, contentOf(graph));
    const name = delimited(1, new TextEncoder().encode('body'));
    const attribute = delimited(5, writeMessage([name, body, varint(20, 5n)]));
    insert(node.children, random, attribute);
  },
];

function changeValue({ node, siblings }: PlacedNode, all: readonly PlacedNode[], random: Random) {
  if (node.wireType === 0) {
    const padding = random.below(3) === 0 ? 1 + random.below(10) : 0;
    node.content = varintBytes(pick(random, EDGE_VALUES), padding);
  } else if (node.wireType === 2) {
    changeText({ node, siblings }, all, random);
  } else {
    node.content = node.content.map(() => pick(random, [0, 0x7f, 0x80, 0xff]));
  }
}

/** Of a string another of the file, a hostile one, a long one or one that is not UTF-8. */
function changeText({ node }: PlacedNode, all: readonly PlacedNode[], random: Random): void {
  if (node.wireType !== 2 || node.children) return;
  const encoder = new TextEncoder();
  node.content = pick(random, [
    () => {
      const leaf = pick(random, all).node;
      return leaf.wireType === 2 && !isRaw(leaf) ? contentOf(leaf) : node.content;
    },
    () => encoder.encode(pick(random, HOSTILE_NAMES)),
    () => new Uint8Array(pick(random, LONG)).fill(0x61),
    () => Uint8Array.of(...node.content.subarray(0, 100), pick(random, [0xff, 0xc0, 0xed, 0x80])),
    () => new Uint8Array(0),
    () => mutateBytes(new Uint8Array(node.content), random),
  ])();
}
