/** Bytes of base64 as it is written: no other alphabet, nothing left out, nothing after it. @returns null otherwise */
export function bytesOfBase64(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : null;
}
