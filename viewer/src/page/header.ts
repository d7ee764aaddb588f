import type { Lens } from "./lens.ts";
import { type Child, fill, h, icon, ICONS } from "./dom.ts";
import { count, percent, seconds } from "./format.ts";

/** What was recorded, when and how: the top of the page. */
export function makeHeader(lens: Lens, ...tools: HTMLElement[]): HTMLElement {
  const { metadata, threads } = lens.session;
  const samples = metadata.sampleCount ?? threads.reduce((sum, thread) => sum + thread.count, 0);
  const [low, high] = [metadata.minInterval, metadata.maxInterval];
  const interval = low === high ? seconds(low) : `${seconds(low)} to ${seconds(high)}`;
  const reason = metadata.engineReason && `since ${metadata.engineReason}`;
  const engine = [metadata.engine, metadata.engineDetail, reason].filter((part) => part !== "").join(", ");
  const facts: [string, string][] = [
    ["Recorded", metadata.startTime ? localTime(metadata.startTime) : ""],
    ["Duration", seconds(metadata.duration)],
    ["CPU time", cpuText(metadata.cpuTime, metadata.duration)],
    ["Samples", `${count(samples)}${threads.length > 1 ? ` in ${count(threads.length)} threads` : ""}`],
    ["Interval", low > 0 ? interval : ""],
    ["Engine", engine],
    ["Python", metadata.pythonVersion],
  ];
  const name = title(lens);
  // A command that the title already is would only stand there twice.
  const command = metadata.commandLine.join(" ");
  return h(
    "header",
    { class: "top" },
    h(
      "div",
      { class: "title-line" },
      h("span", { class: "brand", title: "Spinetail" }, icon(ICONS.bird)),
      h("h1", { title: metadata.targetDescription }, name),
      command !== "" && command !== name && h("code", { class: "command", title: command }, command),
      h("div", { class: "tools" }, ...tools),
    ),
    h(
      "dl",
      { class: "facts" },
      ...facts.filter(([, value]) => value !== "").map(([name, value]) =>
        h("div", {}, h("dt", {}, name), h("dd", {}, value))
      ),
    ),
    warning(lens),
  );
}

/** What was profiled, in short. */
export function title({ session: { metadata } }: Lens): string {
  // The command line beside it has the whole path.
  return metadata.targetDescription.replace(/^Program: /, "").replace(/^[^\s<]*[/\\](?=\S)/, "") || "Profile";
}

/** Says in numbers how the recording falls short, if it does by more than a little. */
function warning(lens: Lens): HTMLElement | undefined {
  const { metadata, threads } = lens.session;
  const { beats, truncated, late, unfollowed } = metadata.statistics;
  const parts: string[] = [];
  const enough = beats > 100;
  if (enough && truncated > 0.01 * beats) {
    parts.push(`${share(truncated, beats)} of the samples show only the outer calls of their stack.`);
  }
  if (enough && late > 0.03 * (beats + late)) {
    parts.push(
      `${share(late, beats + late)} of the samples could not be taken in time; others stand for theirs.`,
    );
  }
  if (enough && unfollowed > 0.1 * beats) {
    parts.push(
      `${
        share(unfollowed, beats)
      } of the samples were read from another CPU, and confirmed by a second look.`,
    );
  }
  if (metadata.subinterpreters > 0) {
    const one = metadata.subinterpreters === 1;
    parts.push(`${metadata.subinterpreters} other interpreter${one ? "" : "s"} in the process went unseen.`);
  }
  parts.push(...metadata.notes.map((note) => (/[.!?]$/.test(note) ? note : `${note}.`)));
  if (threads.every((thread) => thread.count === 0)) parts.push("The profile has no samples.");
  if (parts.length === 0) return undefined;
  return h("p", { class: "warning", role: "note" }, icon(ICONS.warning, "Warning"), parts.join(" "));
}

function share(part: number, whole: number): string {
  return `${count(part)} (${percent(part / whole)})`;
}

function cpuText(cpu: number, duration: number): string {
  return duration > 0 ? `${seconds(cpu)} (${Math.round((100 * cpu) / duration)} %)` : seconds(cpu);
}

/** A moment in the reader's time zone: `2026-05-04 13:09:05`. */
function localTime(epoch: number): string {
  const date = new Date(epoch * 1000);
  if (Number.isNaN(date.getTime())) return "";
  const two = (value: number) => String(value).padStart(2, "0");
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** Fills a place with one message. */
export function showMessage(place: Element, ...children: Child[]): void {
  fill(place, h("main", { class: "message" }, h("h1", {}, "Spinetail"), ...children));
}
