import { type CallTree, NONE } from "../src/model/callTree.ts";

const MS = 1_000_000;

/** The tree as one line: `main 5 (load 3 ([self] 3), [self] 2)`, times in milliseconds, absorbed time as `+n`. */
export function outline(tree: CallTree, node = tree.root): string {
  if (node === NONE) return "";
  const className = tree.className(node);
  let text = `${className ? className + "." : ""}${tree.name(node)} ${Math.trunc(tree.time[node]! / MS)}`;
  const absorbed = isLeaf(tree, node) ? 0 : tree.time[node]! - childrenTime(tree, node);
  if (absorbed !== 0) text += `+${Math.trunc(absorbed / MS)}`;
  const children = tree.children(node).map((child) => outline(tree, child));
  return children.length ? `${text} (${children.join(", ")})` : text;
}

/** What is wrong with the tree's links and sums, in words; undefined if all is well. */
export function selfCheck(tree: CallTree): string | undefined {
  for (let node = tree.root; node !== NONE; node = tree.nextInPreorder(node)) {
    let previous = NONE;
    for (const child of tree.children(node)) {
      if (tree.parent[child] !== node) return `child ${child} has another parent`;
      if (tree.previous[child] !== previous) return `child ${child} has a wrong sibling`;
      previous = child;
    }
    if (tree.lastChild[node] !== previous) return `the last child of ${node} is another one`;
    const below = childrenTime(tree, node);
    if (below > tree.time[node]!) return `the time of ${node} is ${tree.time[node]}, and below it ${below}`;
  }
  return undefined;
}

/** Whether the node's time is what samples gave it: all other nodes' is that of their children, or absorbed. */
function isLeaf(tree: CallTree, node: number): boolean {
  return tree.identity[node]! < -1 && tree.identity[node]! > -16;
}

function childrenTime(tree: CallTree, node: number): number {
  return tree.children(node).reduce((sum, child) => sum + tree.time[child]!, 0);
}
