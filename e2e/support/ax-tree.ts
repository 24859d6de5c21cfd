/** The page as assistive technology is told of it: Chromium's accessibility tree, and what it lacks. */
import type { CDPSession, Page } from '@playwright/test';

interface Value {
  readonly value?: unknown;
}

interface AxNode {
  readonly nodeId: string;
  readonly parentId?: string;
  readonly ignored: boolean;
  readonly backendDOMNodeId?: number;
  readonly role?: Value;
  readonly name?: Value;
  readonly properties?: readonly { readonly name: string; readonly value: Value }[];
  readonly childIds?: readonly string[];
}

/** Parts of a page within which a name tells a control from others of its role. */
const PARTS: ReadonlySet<string> = new Set([
  ...['RootWebArea', 'banner', 'contentinfo', 'main', 'region', 'dialog', 'alertdialog', 'menu'],
  ...['article', 'figure', 'row', 'listitem', 'radiogroup', 'group', 'alert', 'tabpanel'],
]);
/** Without a name they say nothing. */
const NAMED: ReadonlySet<string> = new Set([
  ...['region', 'dialog', 'alertdialog', 'table', 'treegrid', 'progressbar', 'image', 'img'],
  ...['figure', 'radiogroup', 'slider', 'tablist', 'application'],
]);
const CONTROLS: ReadonlySet<string> = new Set([
  ...['button', 'link', 'checkbox', 'radio', 'slider', 'textbox', 'combobox', 'searchbox', 'tab'],
  ...['menuitem', 'spinbutton'],
]);

/** What is wrong with the tree as it is now, in a sentence each; nothing if it is sound. */
export async function treeFindings(page: Page): Promise<readonly string[]> {
  const session = await page.context().newCDPSession(page);
  try {
    await session.send('Accessibility.enable');
    const { nodes } = await session.send('Accessibility.getFullAXTree');
    const ids = await page.evaluate(() => {
      const all = [...document.querySelectorAll('[id]')].map(({ id }) => id);
      return all.filter((id, at) => all.indexOf(id) !== at);
    });
    const { heard, byId } = readTree(nodes as AxNode[]);
    return [
      ...ids.map((id) => `two elements have the id ${id}`),
      ...(await unnamed(session, heard)),
      ...headingOrder(heard),
      ...sameNames(heard, byId),
      ...liveRegions(heard),
    ];
  } finally {
    await session.detach();
  }
}

function readTree(nodes: readonly AxNode[]) {
  const byId = new Map(nodes.map((node) => [node.nodeId, node]));
  return { heard: inOrder(nodes, byId).filter(({ ignored }) => !ignored), byId };
}

/** A sentence for each that takes the focus or stands for a part, and has no name. */
async function unnamed(session: CDPSession, heard: readonly AxNode[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const node of heard) {
    const role = roleOf(node);
    const takesFocus = property(node, 'focusable') === true;
    if (role === 'RootWebArea' || nameOf(node) !== '' || !(takesFocus || NAMED.has(role))) continue;
    const { nodeName, attributes } = await elementOf(session, node);
    // Parts that only a script gives the focus to: Tab passes them.
    const isPart = ['main', 'generic', 'group'].includes(role);
    if (isPart && attributes['tabindex'] === '-1') continue;
    const what = `${role} (${nodeName.toLowerCase()}.${attributes['class'] ?? ''})`;
    found.push(`a ${what} ${takesFocus ? 'takes the focus and' : ''} has no name`);
  }
  return found;
}

async function elementOf(session: CDPSession, { backendDOMNodeId }: AxNode) {
  if (backendDOMNodeId === undefined) return { nodeName: '', attributes: {} };
  const { node } = await session.send('DOM.describeNode', { backendNodeId: backendDOMNodeId });
  const { nodeName, attributes: list = [] } = node;
  const attributes: Record<string, string | undefined> = {};
  for (let at = 0; at + 1 < list.length; at += 2) attributes[list[at] ?? ''] = list[at + 1];
  return { nodeName, attributes };
}

/** As it is read: parents before their children, from first to last. */
function inOrder(nodes: readonly AxNode[], byId: ReadonlyMap<string, AxNode>): readonly AxNode[] {
  const walk = (node: AxNode): readonly AxNode[] => [
    node,
    ...(node.childIds ?? []).flatMap((id) => {
      const child = byId.get(id);
      return child ? walk(child) : [];
    }),
  ];
  return nodes.filter(({ parentId }) => parentId === undefined).flatMap(walk);
}

const roleOf = ({ role }: AxNode): string => String(role?.value ?? '');
const nameOf = ({ name }: AxNode): string => String(name?.value ?? '').trim();
const property = ({ properties = [] }: AxNode, name: string): unknown =>
  properties.find((it) => it.name === name)?.value.value;

function headingOrder(nodes: readonly AxNode[]): readonly string[] {
  const headings = nodes.filter((node) => roleOf(node) === 'heading');
  return headings.flatMap((heading, at) => {
    const before = headings[at - 1];
    const level = Number(property(heading, 'level'));
    const least = before ? Number(property(before, 'level')) : 1; // a dialog begins below the page
    return level > least + 1
      ? [`heading "${nameOf(heading)}" of level ${level} follows level ${least}`]
      : [];
  });
}

/** Controls that nothing tells apart: the same role and name within the same part of the page. */
function sameNames(nodes: readonly AxNode[], byId: ReadonlyMap<string, AxNode>): readonly string[] {
  const partOf = (node: AxNode): AxNode | undefined => {
    const parent = node.parentId === undefined ? undefined : byId.get(node.parentId);
    if (!parent) return undefined;
    return !parent.ignored && PARTS.has(roleOf(parent)) ? parent : partOf(parent);
  };
  const seen = new Set<string>();
  return nodes.flatMap((node) => {
    // The file input behind the button, which bears its name for whoever fills it by name.
    if (!CONTROLS.has(roleOf(node)) || nameOf(node) === 'Open model') return [];
    const part = partOf(node);
    const key = [part?.nodeId, roleOf(node), nameOf(node)].join('\n');
    if (!seen.has(key)) {
      seen.add(key);
      return [];
    }
    const where = part ? `${roleOf(part)} "${nameOf(part)}"` : 'page';
    return [`two ${roleOf(node)}s named "${nameOf(node)}" in the ${where}`];
  });
}

function liveRegions(nodes: readonly AxNode[]): readonly string[] {
  const isModal = nodes.some((node) => property(node, 'modal') === true);
  if (isModal) return []; // the page behind it is silent
  const isLive = (node: AxNode) => ['polite', 'assertive'].includes(String(property(node, 'live')));
  const status = nodes.some((node) => roleOf(node) === 'status' && isLive(node));
  return status ? [] : ['no status is told as it changes'];
}
