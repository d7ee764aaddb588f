import { type CallTree, NONE } from "../src/model/callTree.ts";

const MS = 1_000_000;

/** The tree as one line: `main 5 (load 3 ([self] 3), [self] 2)`, times in milliseconds, absorbed time as `+n`. */
export function outline(tree: CallTree, node = tree.root): string {
  if (node === NONE) return "";
  const className = tree.className(node);
  let text = `${className ? className + "." : ""}${tree.name(node)} ${Math.trunc(tree.time[node]! / MS)}`;
  if (tree.absorbed[node] !== 0) text += `+${Math.trunc(tree.absorbed[node]! / MS)}`;
  const children = tree.children(node).map((child) => outline(tree, child));
  return children.length ? `${text} (${children.join(", ")})` : text;
}

/** What is wrong with the tree's links and sums, in words; undefined if all is well. */
export function selfCheck(tree: CallTree): string | undefined {
  for (let node = tree.root; node !== NONE; node = tree.nextInPreorder(node)) {
    let sum = tree.absorbed[node]!;
    let previous = NONE;
    for (const child of tree.children(node)) {
      if (tree.parent[child] !== node) return `child ${child} has another parent`;
      if (tree.previous[child] !== previous) return `child ${child} has a wrong sibling`;
      sum += tree.time[child]!;
      previous = child;
    }
    if (tree.lastChild[node] !== previous) return `the last child of ${node} is another one`;
    const isLeaf = tree.identity[node]! < -1 && tree.identity[node]! > -16;
    if (!isLeaf && sum !== tree.time[node]) return `the time of ${node} is ${tree.time[node]}, not ${sum}`;
  }
  return undefined;
}
