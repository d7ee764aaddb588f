type Decoder = { fromBase64?: (text: string) => Uint8Array<ArrayBuffer> };

/** The bytes that `text` stands for. White space doesn't matter; throws if it isn't base64. */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> {
  // Six times as fast where the browser has it.
  const native = (Uint8Array as unknown as Decoder).fromBase64;
  if (native) return native.call(Uint8Array, text);
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}
