/**
 * Whether a text is one that an English-only model can have read: by its letters, and by the small words that every English
 * sentence has. It is a guess, and says nothing of texts that are too short to tell.
 */

/** What a text is not English by. */
export interface Foreign {
  /** The script that it is written in, as Unicode calls it, where that is not the Latin one. */
  readonly script?: string;
}

/** Scripts that are looked for by name. */
const SCRIPTS = [
  'Arabic',
  'Armenian',
  'Bengali',
  'Cyrillic',
  'Devanagari',
  'Ethiopic',
  'Georgian',
  'Greek',
  'Gujarati',
  'Gurmukhi',
  'Han',
  'Hangul',
  'Hebrew',
  'Hiragana',
  'Kannada',
  'Katakana',
  'Khmer',
  'Lao',
  'Malayalam',
  'Myanmar',
  'Oriya',
  'Sinhala',
  'Tamil',
  'Telugu',
  'Thai',
  'Tibetan',
].map((name) => ({ name, letter: new RegExp(`\\p{Script=${name}}`, 'gu') }));

const ENGLISH = new Set(
  `the of and to a is that it for as with was by his her he she i you we they this be are not but from have has had
  which or were been their my your its our him them who what when where there how if then than so can could will would
  shall should may might must do does did up out about into over after before some any all more most other only also
  one two three first new old good great little long own same such very much many never always again here now down off
  through between because while under against during these those said made make like time day man men people little
  know see come came go went get got give take took look looked think thought say says back well way even just still
  too every house hand head eyes room night world life water work things something nothing another us at in on an no
  me am let put upon yes s t don isn didn doesn wasn couldn wouldn ll ve re m mother father child children woman girl
  boy king morning door yesterday today tomorrow ate eat asked called found goes keep kept left live lived loves love
  makes need needs play put ran read sat saw seen takes tell told want wanted wants whose why without word words write
  year years around among often several both each few own please always everything everyone nobody somebody whether
  however until since early late big small young`.split(/\s+/u),
);

/** Small words elsewhere, and words of English too: they say nothing. */
const NEUTRAL = new Set(
  'die met son con plus pour den bin gut ten till per pay men mine care din hat hay ale volt van'.split(' '),
);

/** Words of English that keep an accent. */
const LOANS = new Set('café cafés cliché clichés déjà fiancé fiancée façade naïve résumé'.split(' '));

/** How English words end. */
const ENDING = /(?:ing|ed|ly|tions?|ness|ity|ous|ful|less|ers?|ment|ism|ist|[^aeious]s)$/u;

/** The small words of other languages in Latin letters, but for those that are English ones as well. */
const OTHERS = new Set(
  `der das und ist nicht ein eine einen einem einer dem den des ich sie wir ihr mit auf für von zu im zum zur auch sich
  aber oder wenn wie nach bei aus durch über nur noch schon wird werden wurde hat haben sind kann mein dein sein bin bist habe gibt heute sehr gut mich dich uns liebe
  le la les un une et dans qui pour pas sur avec ce cette ces il elle nous vous ils du au aux mais ou où sont
  je tu ne se son sa ses mon ma mes été être avoir fait plus très
  el los las y es en una por con para su sus lo del al como más pero este esta muy yo tengo hay está son ser fue
  il lo gli e di che è non per della del dei nel sono mi ti si ho come più anche questo questa
  o os as um uma não em do da dos das ao à mais eu você ele ela foi tem
  de het een van en dat niet ik je zijn op te voor met ook maar hij zij wij naar dit deze wordt
  och att det som är på av för inte jag med den ett har till om vi kan ska var detta
  og er ikke hun han vi kan vil har være denne ved fra til af jeg på skal blir
  ja on ei se että hän ovat oli myös kun mutta tai sen
  nie na że jest z się do w i to jak ale czy tak ten ta
  je se na že v s to jsem jsou ale jako pro by si ve která
  az egy és hogy nem van volt meg ez csak de
  bir ve bu için ile da de ne çok daha olan değil var
  și nu este cu pe din la sunt care mai sau în
  dan yang di untuk saya anda kami akan bisa ada dengan ini tidak itu dari pada adalah saya ke akan
  không là của và một các có được cho này trong
  ang ng sa mga ay na ko siya`
    .split(/\s+/u)
    // Letters are no words: George W., Roe v. Wade.
    .filter((word) => !ENGLISH.has(word) && !NEUTRAL.has(word) && !/^[a-z]$/u.test(word)),
);

/** What people type first, in few words: how one greets. */
const GREETINGS = new Set(
  `hola, hola mundo, buenos días, buenos dias, buenas tardes, buenas noches, bonjour, bonsoir, salut, guten tag, guten morgen,
  guten abend, hallo, hallo welt, buongiorno, buonasera, ciao mondo, olá, olá mundo, bom dia, boa tarde, boa noite, merhaba,
  merhaba dünya, dzień dobry, cześć, dobrý den, god dag, hej, goedemorgen`.split(/,\s+/u),
);

/** Fewer words say too little, unless they are a greeting. */
const FEWEST = 3;

/** As much of a text as tells. */
const ENOUGH = 4000;

let last: { text: string; found: Foreign | undefined } | undefined;

/** What speaks against a text being English; undefined where nothing does. */
export function foreign(text: string): Foreign | undefined {
  const begin = text.slice(0, ENOUGH);
  // Screens ask at every render.
  if (last?.text !== begin) last = { text: begin, found: judge(begin) };
  return last.found;
}

function judge(text: string): Foreign | undefined {
  const letters = text.replace(/\[mask\]/giu, '').match(/\p{L}/gu) ?? [];
  const all = letters.join('');
  let most = { name: '', count: 0 };
  let others = 0;
  for (const { name, letter } of SCRIPTS) {
    const count = all.match(letter)?.length ?? 0;
    others += count;
    if (count > most.count) most = { name, count };
  }
  // A name or a letter of a formula is no foreign text.
  if (others > 0 && others * 2 > letters.length) return { script: most.name };
  return isOtherLatin(text) ? {} : undefined;
}

function isOtherLatin(text: string): boolean {
  const words = text.replace(/\[mask\]/giu, '').match(/\p{Script=Latin}[\p{Script=Latin}\p{M}]*/gu) ?? [];
  if (words.length < FEWEST) return GREETINGS.has(words.join(' ').toLowerCase());
  const english = words.filter((word) => ENGLISH.has(word.toLowerCase())).length;
  // Names are of any language, wherever they stand; at the beginning every word is written like one.
  const plain = words.filter((word, at) => at === 0 || !/^\p{Lu}/u.test(word)).map((word) => word.toLowerCase());
  const others = plain.filter((word) => OTHERS.has(word) || (/[^a-z]/u.test(word) && !LOANS.has(word))).length;
  if (english > 0) return others > english && others > 1;
  const unlike = plain.length > 4 && !plain.some((word) => ENDING.test(word));
  return unlike || others > 1 || (others === 1 && plain.length === words.length);
}
