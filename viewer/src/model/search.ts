import type { CallTree } from "./callTree.ts";
import { Identity } from "./identity.ts";
import { asPredicate } from "./patterns.ts";
import type { Calls } from "./profile.ts";

/** What a search found. */
export interface Matches {
  /** 1 for functions that match, by row. */
  functions: Uint8Array;
  /** 1 for nodes that match. */
  nodes: Uint8Array;
  functionCount: number;
  nodeCount: number;
  /** The time in matching calls and below them, each moment counted once. */
  time: number;
}

/** Finds functions by class, name or path; undefined if the query is empty or broken. */
export function search({ tree, facts }: Calls, query: string): Matches | undefined {
  const predicate = asPredicate(query);
  if (!predicate) return undefined;
  const functions = matchingFunctions(tree, predicate);
  const nodes = new Uint8Array(tree.count);
  const { identity, time, count } = tree;
  const isThread = (value: number) => Identity.isThread(value) && predicate(threadName(tree, value));
  let nodeCount = 0;
  let sum = 0;
  // Where the outermost match that the nodes are in ends.
  let end = 0;
  for (let node = 0; node < count; node++) {
    const value = identity[node]!;
    if (value >= 0 ? functions[value] !== 1 : !isThread(value)) continue;
    nodes[node] = 1;
    nodeCount++;
    if (node >= end) {
      sum += time[node]!;
      end = facts.end[node]!;
    }
  }
  const functionCount = functions.reduce((a, b) => a + b, 0);
  return { functions, nodes, functionCount, nodeCount, time: sum };
}

function matchingFunctions(tree: CallTree, predicate: (text: string) => boolean): Uint8Array {
  const { functions, frames, strings } = tree.session;
  const found = new Uint8Array(functions.count);
  for (let row = 0; row < functions.count; row++) {
    const text = `${strings[functions.qualname[row]!]}\n${
      tree.files.of(functions.file[row]!)?.shortPath ?? ""
    }`;
    if (predicate(strings[functions.name[row]!]!) || text.split("\n").some(predicate)) found[row] = 1;
  }
  const tried = new Map<number, boolean>();
  for (let row = 0; row < frames.count; row++) {
    const fn = frames.function[row]!;
    const className = frames.className[row]!;
    if (className === 0 || found[fn]) continue;
    const key = className * functions.count + fn;
    let answer = tried.get(key);
    if (answer === undefined) {
      answer = predicate(`${strings[className]}.${strings[functions.name[fn]!]}`);
      tried.set(key, answer);
    }
    if (answer) found[fn] = 1;
  }
  return found;
}

function threadName(tree: CallTree, identity: number): string {
  return tree.session.threads[Identity.threadNumber(identity)]?.name ?? "";
}
