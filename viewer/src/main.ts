import { decodeBase64 } from "./session/base64.ts";
import { inflate, readContents, UnreadableSession } from "./session/container.ts";
import { readSession, type Session } from "./session/session.ts";
import { Profile } from "./model/profile.ts";
import { App } from "./page/app.ts";
import { h } from "./page/dom.ts";
import { showMessage } from "./page/header.ts";
import { loadSettings } from "./page/settings.ts";
import { setTheme } from "./page/theme.ts";

/** A session with the bytes of its file, or why there is none. */
interface Loaded {
  session?: Session;
  data?: Uint8Array<ArrayBuffer>;
  problem?: string;
}

async function load(text: string): Promise<Loaded> {
  try {
    const data = decodeBase64(text);
    return { data, session: readSession(readContents(await inflate(data))) };
  } catch (error) {
    const problem = error instanceof UnreadableSession ? error.message : `The report can't be read: ${error}`;
    return { problem };
  }
}

/** Everything that a message may hand over instead of copying. */
function buffersOf({ session, data }: Loaded): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  const add = (value: unknown) => {
    if (ArrayBuffer.isView(value)) buffers.add(value.buffer as ArrayBuffer);
  };
  add(data);
  if (!session) return [...buffers];
  for (const table of [session.functions, session.frames, session.stacks, ...session.threads]) {
    Object.values(table).forEach(add);
  }
  return [...buffers];
}

/** Reads the session beside the page's own thread where browsers let pages from files do so. */
async function loadInWorker(script: string, text: string): Promise<Loaded> {
  const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  try {
    const worker = new Worker(url);
    const loaded = await new Promise<Loaded>((resolve, reject) => {
      worker.onmessage = (event) => resolve(event.data as Loaded);
      worker.onerror = reject;
      worker.postMessage(text);
    });
    worker.terminate();
    return loaded;
  } catch {
    return await load(text);
  } finally {
    URL.revokeObjectURL(url);
  }
}

async function start(script: string): Promise<void> {
  const place = document.getElementById("app")!;
  setTheme(loadSettings().theme ?? "system");
  const element = document.getElementById("session")!;
  const text = element.textContent!.trim();
  element.remove();
  if (text === "" || text.startsWith("{{")) {
    showMessage(place, h("p", {}, "This page has no profile in it."));
    return;
  }
  const began = performance.now();
  const { session, data, problem } = await loadInWorker(script, text);
  if (!session || !data) {
    showMessage(place, h("p", { role: "alert" }, problem ?? "The report can't be read."));
    return;
  }
  const decoded = performance.now();
  const app = new App(new Profile(session), data, place);
  // Two frames later, what was made is on the screen.
  requestAnimationFrame(() =>
    requestAnimationFrame(() => {
      const timing = { decode: decoded - began, interactive: performance.now() };
      // For tests and benchmarks only: nothing in the page reads it.
      Object.assign(globalThis, { spinetail: { app, timing } });
      document.documentElement.dataset.ready = "true";
    })
  );
}

if (typeof document === "undefined") {
  onmessage = async (event) => {
    const loaded = await load(event.data as string);
    (postMessage as (message: unknown, transfer: ArrayBuffer[]) => void)(loaded, buffersOf(loaded));
  };
} else {
  // The worker runs the same script: the page holds it once.
  void start(document.currentScript!.textContent!);
}
