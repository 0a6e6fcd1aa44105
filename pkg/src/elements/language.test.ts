import { describe, expect, test } from 'vitest';
import { foreign } from './language.js';

describe('English is not taken for anything else', () => {
  for (const text of [
    '',
    'The box was [MASK]: somebody had eaten all the cake.',
    '[MASK] is red',
    'Actions speak louder than [MASK].',
    'Practice makes [MASK].',
    'Birds fly south every autumn.',
    'Green ideas sleep furiously [MASK].',
    'Die hard fans die young.',
    // Names, from anywhere.
    'Ludwig van Beethoven composed nine symphonies.',
    'Leonardo da Vinci painted Mona Lisa.',
    'Dvořák met Janáček in Brünn.',
    'Zoë and Chloë went to a café in Malmö.',
    'Wojciech Szczęsny plays for FC Barcelona.',
    'Charles de Gaulle visited La Paz.',
    'President George W. Bush, Roe v. Wade',
    // A word, a letter or a sign of another script.
    'I like sushi and 寿司 too',
    'π is about 3.14',
    '👩‍👩‍👧 漢字 café: the [MASK] is red.',
    'Hello [MASK]!',
    'Hej Jude',
    // Too little to tell.
    'Bienvenue [MASK]',
    '😀😀',
    'let x = [MASK];',
  ])
    test(text || 'nothing', () => expect(foreign(text)).toBeUndefined());
});

describe('other languages in Latin letters', () => {
  for (const text of [
    'Der Hund [MASK] im Garten.',
    'Das Wetter ist heute [MASK].',
    'Die Katze sitzt auf dem [MASK].',
    'Es war einmal ein [MASK].',
    'Le chat est sur la [MASK].',
    'Je voudrais une tasse de [MASK], s’il vous plaît.',
    'El gato está en la [MASK].',
    'Il gatto è sul [MASK].',
    'O gato está na [MASK].',
    'De kat zit op de [MASK].',
    'Kot siedzi na [MASK].',
    'Kedi masanın üstünde [MASK].',
    'Katten ligger på [MASK].',
    'Tôi không biết anh ấy là [MASK].',
    'Mimi ninapenda kusoma vitabu vizuri.',
    // Few words, but greetings.
    'Guten Morgen',
    'Hola [MASK]!',
    'Bonjour',
    'Olá mundo',
  ])
    test(text, () => expect(foreign(text)).toEqual({}));
});

test('other scripts are named', () => {
  for (const [text, script] of [
    ['אני אוהב [MASK] מאוד', 'Hebrew'],
    ['أنا أحب [MASK] كثيرا', 'Arabic'],
    ['今天天气很[MASK]。', 'Han'],
    ['今日はいい天気です', 'Hiragana'],
    ['오늘은 날씨가 [MASK]', 'Hangul'],
    ['Привет [MASK]', 'Cyrillic'],
    ['Η γάτα είναι [MASK]', 'Greek'],
    ['मुझे [MASK] पसंद है', 'Devanagari'],
    ['แมว [MASK]', 'Thai'],
  ])
    expect(foreign(text!), text).toEqual({ script });
});
