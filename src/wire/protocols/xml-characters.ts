/** Characters that XML 1.0 has no place for, not even as references. https://www.w3.org/TR/xml/#charsets */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are meant.
const strange = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

/** For refusals, which repeat what they refuse, and other texts of clients: whoever asks has to be able to read the answer. */
export function readableXml(text: string): string {
  return text.replace(strange, '\ufffd');
}

/**
 * Keys may hold any character, and S3 writes `&#x1;` in its listings. Strict parsers refuse it, which is why clients ask for
 * encoding-type=url. https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html
 */
export function withReferences(xml: string): string {
  return xml.replace(strange, (character) => `&#x${character.charCodeAt(0).toString(16)};`);
}
