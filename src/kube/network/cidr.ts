/** A range of addresses, as `loadBalancerSourceRanges` takes it. */
export interface Range {
  /** As the API server writes it: `10.0.0.0/8`, `2001:db8::/32`. */
  readonly text: string;
  readonly isIPv6: boolean;
  /** How many leading bits are fixed. */
  readonly bits: number;
}

/**
 * A range in CIDR notation; `undefined` for all else: an address without a length, leading zeros, or bits behind the length, which newer
 * API servers warn of and refuse in new fields.
 */
export function readRange(text: string): Range | undefined {
  const [, address = '', length = ''] = /^([0-9a-fA-F.:]{2,45})\/(0|[1-9]\d{0,2})$/.exec(text) ?? [];
  const isIPv6 = address.includes(':');
  const groups = isIPv6 ? readIPv6(address) : readIPv4(address);
  const bits = Number(length);
  const size = isIPv6 ? 16 : 8;
  if (groups === undefined || length === '' || bits > groups.length * size) return undefined;
  const hasRest = groups.some((group, at) => {
    const fixed = Math.min(Math.max(bits - at * size, 0), size);
    return group % 2 ** (size - fixed) !== 0;
  });
  return hasRest ? undefined : { text: text.toLowerCase(), isIPv6, bits };
}

function readIPv4(address: string): readonly number[] | undefined {
  const parts = address.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256)) return undefined;
  return parts.map(Number);
}

/** Eight groups of 16 bits, `::` standing for those that are 0. An IPv4 address in it is none that a Service has. */
function readIPv6(address: string): readonly number[] | undefined {
  const halves = address.split('::');
  if (halves.length > 2) return undefined;
  const [left = [], right = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - left.length - right.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...left, ...Array.from({ length: missing }, () => '0'), ...right];
  return groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))
    ? groups.map((group) => Number.parseInt(group, 16))
    : undefined;
}
