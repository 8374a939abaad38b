import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readModel } from '../model.ts';
import { xmlCodec } from '../schemas.ts';
import { guardedXml } from './xml-guard.ts';

const guarded = (text: string): string => Buffer.from(guardedXml(Buffer.from(text))).toString();

describe('guardedXml', () => {
  it('leaves short documents as they are', () => {
    for (const text of ['', '<Tagging/>', '<A>b</A>', '<Key>a &amp; b &#10; é</Key>', 'nonsense']) {
      assert.equal(guarded(text), text);
    }
  });

  it('changes nothing of what is read', async () => {
    const { operations } = await readModel('s3');
    const schema = operations.get('DeleteObjects')?.input.getMemberSchemas().Delete;
    assert.ok(schema);
    const { reader } = xmlCodec();
    const objects = '<Object><Key>a &amp; b &#10; é</Key></Object>'.repeat(1000);
    const start = '<?xml version="1.0"?>\n<!-- <a> -->\n<Delete';
    for (const text of [
      `${start}>${objects}<Quiet>true</Quiet></Delete>`,
      `${start} xmlns="x">${objects}</Delete>`,
      `${' '.repeat(5000)}<Delete/>`,
    ]) {
      const plain: unknown = reader.read(schema, Buffer.from(text));
      assert.deepEqual(reader.read(schema, guardedXml(Buffer.from(text))), plain);
    }
  });

  it('writes out references beyond ASCII', () => {
    assert.equal(guarded('<Key>&#x1F600;&#128512;&#xe9;&#38;&#x3c;</Key>'), '<Key>😀😀é&#38;&#x3c;</Key>');
  });

  it('refuses references to halves of characters', () => {
    for (const text of ['&#xD83D;', '&#57344;&#55296;', '&#x110000;'])
      assert.throws(() => guarded(`<Key>${text}</Key>`));
  });

  it('gives every long root an attribute, and refuses what has none', () => {
    const long = 'x'.repeat(5000);
    assert.equal(guarded(`<Delete>${long}</Delete>`), `<Delete guarded="">${long}</Delete>`);
    assert.equal(guarded(`<?a?><!--<b>-->\n<Delete/>${long}`), `<?a?><!--<b>-->\n<Delete guarded=""/>${long}`);
    for (const text of [long, `<!DOCTYPE x>${long}`, `<!-- ${long}`, `<? ${long}`, `<>${long}`]) {
      assert.throws(() => guarded(text), text.slice(0, 20));
    }
  });
});
