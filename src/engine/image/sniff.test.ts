import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Sniffed, sniff } from './sniff.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const ftyp = (major: string, ...compatible: string[]): string =>
  `\0\0\0${String.fromCharCode(16 + compatible.length * 4)}ftyp${major}\0\0\0\0${compatible.join('')}mdat`;

const cases: readonly (readonly [string, Sniffed])[] = [
  ['\xff\xd8\xff\xe1..', { kind: 'picture', format: 'jpeg' }],
  ['RIFF\x10\0\0\0WEBPVP8 ', { kind: 'picture', format: 'webp' }],
  ['RIFF\x10\0\0\0WAVEfmt ', { kind: 'other' }],
  ['MM\0*\0\0\0\x08', { kind: 'picture', format: 'tiff' }],
  [ftyp('avif', 'mif1', 'miaf'), { kind: 'picture', format: 'avif' }],
  [ftyp('mif1', 'avif'), { kind: 'picture', format: 'avif' }],
  [ftyp('mif1', 'heic'), { kind: 'heic' }],
  [ftyp('heic', 'mif1'), { kind: 'heic' }],
  [ftyp('mif1', 'jpeg'), { kind: 'unsupported', format: 'HEIF with an unknown codec' }],
  [ftyp('isom', 'mp41'), { kind: 'other', what: 'a video (MP4, MOV)' }],
  ['\xef\xbb\xbf \n<svg xmlns="">', { kind: 'unsupported', format: 'SVG' }],
  ['<?xml version="1.0"?><!-- x --><svg>', { kind: 'unsupported', format: 'SVG' }],
  ['<?xml version="1.0"?><rss>', { kind: 'other', what: 'text' }],
  ['<!DOCTYPE html><title>404</title>', { kind: 'other', what: 'a web page (HTML)' }],
  ['P6\n4 4\n255\n', { kind: 'unsupported', format: 'a portable anymap (PNM)' }],
  ['%PDF-1.7', { kind: 'other', what: 'a PDF document' }],
  ['\0\x01\x02\x03', { kind: 'other' }],
];

test('formats are told by their first bytes', () => {
  for (const [head, expected] of cases) assert.deepEqual(sniff(bytes(head)), expected, JSON.stringify(head));
});

test('a picture behind a byte offset is looked at from its own first byte', () => {
  assert.deepEqual(sniff(bytes('xxGIF89a').subarray(2)), { kind: 'picture', format: 'gif' });
});
