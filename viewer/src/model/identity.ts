/**
 * What a node stands for, as one number: the row of a function, or a negative one for all else. Siblings with the
 * same identity may become one node.
 */
export const Identity = {
  /** What joins the trees of several threads. */
  root: -1,
  /** The time that the parent spent outside of other functions. */
  selfTime: -2,
  /** The time that the parent waited in `await`. */
  await: -3,
  /** The time that other code ran than what was recorded. */
  outOfContext: -4,
  lowestLeaf: -4,

  /** The pseudo frame at the bottom of the stacks of a thread. */
  thread: (number: number): number => -16 - number,
  isThread: (identity: number): boolean => identity <= -16,
  threadNumber: (identity: number): number => -16 - identity,
  isFunction: (identity: number): boolean => identity >= 0,
  /** True for nodes that no frame of the program corresponds to. */
  isSynthetic: (identity: number): boolean => identity < 0 && identity > -16,
  /** True for synthetic nodes without children: their time is what samples gave them. */
  isSyntheticLeaf: (identity: number): boolean => identity < -1 && identity > -16,
} as const;
