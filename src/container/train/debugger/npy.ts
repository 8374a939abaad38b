/**
 * A float32 tensor as NumPy's file format, version 1.0: magic, length of the header, the header as a Python dictionary padded so that
 * the data is aligned to 64 bytes, and the values, little-endian and row-major.
 * https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
export function encodeNpy(dims: readonly number[], data: Float32Array): Buffer {
  const shape = dims.length === 1 ? `(${dims[0]},)` : `(${dims.join(', ')})`;
  const dictionary = `{'descr': '<f4', 'fortran_order': False, 'shape': ${shape}, }`;
  const prefix = 10;
  // Ends with a line feed, which belongs to the header.
  const length = Math.ceil((prefix + dictionary.length + 1) / 64) * 64 - prefix;
  const head = Buffer.from(`\x93NUMPY\x01\x00\x00\x00${dictionary.padEnd(length - 1)}\n`, 'latin1');
  head.writeUInt16LE(length, 8);
  return Buffer.concat([head, Buffer.from(data.buffer, data.byteOffset, data.byteLength)]);
}
