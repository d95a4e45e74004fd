import type { FileResult } from './types.js';

type Left = NonNullable<FileResult['left']>;

const SOPS = /^(?:sops:|[ \t]*"sops"[ \t]*:)/m;
const YTT = /^[ \t]*#@|#@(?:data|overlay|schema|library)?[/ ]/m;

/**
 * Why a file is another tool's to change, by its text; `undefined` where it is not.
 *
 * SOPS signs all values (`sops.mac`), so that any change breaks decryption. In ytt comments are code.
 */
export function ownerOf(text: string): Left | undefined {
  if (text.includes('sops') && SOPS.test(text) && text.includes('mac')) {
    return { code: 'SOPS', text: 'encrypted with SOPS, whose MAC covers every value; decrypt it, harden it, encrypt it again' };
  }
  if (text.includes('#@') && YTT.test(text)) {
    return { code: 'YTT', text: 'a ytt template, whose comments are code; harden what ytt makes of it, or the template by hand' };
  }
  return undefined;
}

/** What a file that cannot be parsed is when Go template markers explain it. */
export function templateLeft(text: string): Left | undefined {
  if (!/\{\{[^{}]*\}\}/.test(text)) return undefined;
  return { code: 'TEMPLATE', text: 'template markers ({{ }}) stand where values should; harden what the template makes' };
}
