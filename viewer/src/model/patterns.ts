/**
 * A test for a pattern as people type it: part of the text, a glob if it has `*` or `?` (the whole text must fit), or a
 * regular expression between slashes. Several are separated by commas. Undefined for an empty or broken pattern.
 */
export function asPredicate(pattern: string): ((text: string) => boolean) | undefined {
  const whole = regularExpression(pattern.trim());
  if (whole) return (text) => whole.test(text);
  if (pattern.trim().startsWith("/") && pattern.trim().endsWith("/")) return undefined;
  const tests = pattern.split(",").map((part) => part.trim()).filter((part) => part !== "").map((part) => {
    if (!/[*?]/.test(part)) {
      const lower = part.toLowerCase();
      return (text: string) => text.toLowerCase().includes(lower);
    }
    const source = part.replace(/[.+^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*").replaceAll("?", ".");
    const glob = new RegExp(`^${source}$`, "su");
    return (text: string) => glob.test(text);
  });
  return tests.length ? (text) => tests.some((test) => test(text)) : undefined;
}

function regularExpression(pattern: string): RegExp | undefined {
  if (pattern.length < 3 || !pattern.startsWith("/") || !pattern.endsWith("/")) return undefined;
  try {
    return new RegExp(pattern.slice(1, -1), "iu");
  } catch {
    return undefined;
  }
}
