// A plugin of the analyzer: elements are described by what is declared of them in src/elements.ts, and by the attributes that
// the built classes observe. Of the classes in the source the analyzer's own findings stay: slots, parts, custom properties.
import ts from 'typescript';

const FACE = 'src/elements.ts';

/** The plugin; the package's modules have to be built. */
export async function publicFace() {
  const built = /** @type {Record<string, any>} */ (await import('../dist/elements.js'));
  return {
    name: 'public-face',
    /** @param {{ customElementsManifest: any }} phase */
    packageLinkPhase({ customElementsManifest }) {
      const sources = customElementsManifest.modules.flatMap((module) => module.declarations ?? []);
      customElementsManifest.modules = declared().map(({ tag, type, checker, events }) => {
        const name = nameOf(type);
        const source = sources.find(
          (one) => one.kind === 'class' && [name, name.replace('Cloze', 'ClozeKept')].includes(one.name),
        );
        return moduleOf(describe({ tag, type, checker, events }, built[name], source));
      });
    },
  };
}

/** A program that is never run: what a listener hears is said only by the type that it gets. */
const LISTENING = 'src/listening.ts';

/** The elements that TypeScript knows by their tags, with the type of each of their events. */
function declared() {
  const { config } = ts.readConfigFile('tsconfig.build.json', ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, '.');
  const tags = tagsIn(ts.createSourceFile(FACE, ts.sys.readFile(FACE) ?? '', ts.ScriptTarget.Latest, true));
  const first = ts.createProgram([FACE], { ...options, noEmit: true });
  const names = new Map(tags.map(({ tag, at }) => [tag, eventNames(first, at)]));
  const listening = tags
    .flatMap(({ tag }) =>
      names.get(tag).map((name) => `document.createElement('${tag}').addEventListener('${name}', (event) => event);`),
    )
    .join('\n');
  const host = ts.createCompilerHost(options);
  const { getSourceFile } = host;
  host.getSourceFile = (name, ...how) =>
    name === LISTENING
      ? ts.createSourceFile(name, `import './elements.js';\n${listening}`, ts.ScriptTarget.Latest, true)
      : getSourceFile.call(host, name, ...how);
  const program = ts.createProgram([FACE, LISTENING], { ...options, noEmit: true }, host, first);
  const checker = program.getTypeChecker();
  const heard = new Map();
  ts.forEachChild(program.getSourceFile(LISTENING), (statement) => {
    if (!ts.isExpressionStatement(statement) || !ts.isCallExpression(statement.expression)) return;
    const {
      expression,
      arguments: [name, listener],
    } = statement.expression;
    const [tag] = expression.expression.arguments;
    heard.set(`${tag.text} ${name.text}`, checker.getTypeAtLocation(listener.parameters[0]));
  });
  return tagsIn(program.getSourceFile(FACE)).map(({ tag, at }) => ({
    tag,
    checker,
    type: checker.getTypeFromTypeNode(at),
    events: names
      .get(tag)
      .map((name) => ({ name, type: heard.get(`${tag} ${name}`), about: aboutEvent(program, tag, name) })),
  }));
}

/** The members of `HTMLElementTagNameMap`. @param {ts.SourceFile} file */
function tagsIn(file) {
  /** @type {{ tag: string, at: ts.TypeNode }[]} */
  const found = [];
  const visit = (/** @type {ts.Node} */ node) => {
    if (ts.isInterfaceDeclaration(node) && node.name.text === 'HTMLElementTagNameMap')
      for (const member of node.members)
        if (ts.isPropertySignature(member) && ts.isStringLiteral(member.name) && member.type)
          found.push({ tag: member.name.text, at: member.type });
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** By the first overload of `addEventListener`, whose names are those of the element's own events. */
function eventNames(program, at) {
  const checker = program.getTypeChecker();
  const type = checker.getTypeFromTypeNode(
    tagsIn(program.getSourceFile(FACE)).find((one) => one.at.getText() === at.getText()).at,
  );
  const [first] = checker.getTypeOfSymbol(type.getProperty('addEventListener')).getCallSignatures();
  const names = first.typeParameters[0].getConstraint();
  return (names.isUnion() ? names.types : [names]).map((one) => one.value);
}

/** What is said of an event: by the interface of the element's own, else by the first that has it. */
function aboutEvent(program, tag, name) {
  const own = `${tag.slice('cloze-'.length)}events`;
  const places = program.getSourceFile(FACE).statements.filter(ts.isInterfaceDeclaration);
  const sorted = [...places].sort(
    (a, b) => Number(b.name.text.toLowerCase() === own) - Number(a.name.text.toLowerCase() === own),
  );
  const member = sorted
    .flatMap((one) => [...one.members])
    .find((one) => one.name && ts.isStringLiteral(one.name) && one.name.text === name);
  const [doc] = member ? ts.getJSDocCommentsAndTags(member) : [];
  return (doc && ts.getTextOfJSDocComment(doc.comment)) || '';
}

/** @param {ts.Type} type */
const nameOf = (type) => (type.aliasSymbol ?? type.symbol).name;

/** @param {ts.Symbol | undefined} symbol @param {ts.TypeChecker} checker */
const textOf = (symbol, checker) =>
  ts
    .displayPartsToString(symbol?.getDocumentationComment(checker) ?? [])
    .replaceAll(/\{@link\s+([^}]+)\}/gu, '`$1`')
    .trim();

/** One declaration of the manifest. */
function describe({ tag, type, checker, events }, built, source = {}) {
  const node = (/** @type {ts.Symbol} */ symbol) => symbol.declarations?.[0];
  const text = (/** @type {ts.Type} */ one) => checker.typeToString(one, undefined, ts.TypeFormatFlags.NoTruncation);
  const own = checker
    .getPropertiesOfType(type)
    .filter(
      (symbol) =>
        !/node_modules/u.test(node(symbol)?.getSourceFile().fileName ?? '') && !/EventListener$/u.test(symbol.name),
    );
  const members = own.map((symbol) => {
    const of = checker.getTypeOfSymbol(symbol);
    const description = textOf(symbol, checker);
    const [signature] = of.getCallSignatures();
    const isMethod = symbol.flags & ts.SymbolFlags.Method;
    if (isMethod && signature) {
      return {
        kind: 'method',
        name: symbol.name,
        description,
        parameters: signature.parameters.map((one) => ({
          name: one.name,
          type: { text: text(checker.getTypeOfSymbol(one)) },
        })),
        return: { type: { text: text(signature.getReturnType()) } },
      };
    }
    const readonly = symbol.declarations?.every(
      (one) => ts.isGetAccessor(one) || ts.getCombinedModifierFlags(one) & ts.ModifierFlags.Readonly,
    );
    // Whoever sets something may give less than there is to get.
    const given = symbol.declarations?.find(ts.isSetAccessor)?.parameters[0]?.type?.getText();
    const set = given?.startsWith('Partial<') ? `Partial<${text(of)}>` : (given ?? text(of));
    return { kind: 'field', name: symbol.name, description, type: { text: set }, ...(readonly && { readonly: true }) };
  });
  return {
    kind: 'class',
    customElement: true,
    name: nameOf(type),
    tagName: tag,
    description: textOf(type.aliasSymbol ?? type.symbol, checker),
    members,
    attributes: joined(attributesOf(built, members), source.attributes, members),
    events: events.map(({ name, about, type }) => ({ name, description: about, type: { text: text(type) } })),
    ...Object.fromEntries(
      ['slots', 'cssParts', 'cssProperties', 'cssStates'].flatMap((key) => (source[key] ? [[key, source[key]]] : [])),
    ),
  };
}

/** With those that only the source's tags name: an element makes them, and a property each, of its state's keys. */
function joined(found, tagged = [], members) {
  const names = new Set(found.map(({ name }) => name));
  const made = tagged.filter(({ name, fieldName }) => !fieldName && !names.has(name));
  return [
    ...found,
    ...made.map((one) => {
      const fieldName = one.name.replaceAll(/-(.)/gu, (_, letter) => letter.toUpperCase());
      return members.some(({ name }) => name === fieldName) ? { ...one, fieldName } : one;
    }),
  ];
}

/** What the class observes, with what is said of the property behind it. */
function attributesOf(built, members) {
  /** @type {Record<string, any>} */
  const properties = {};
  for (let one = built; one; one = Object.getPrototypeOf(one))
    Object.assign(properties, { ...one.properties, ...properties });
  return Object.entries(properties).flatMap(([property, { attribute, type }]) => {
    const field = members.find(({ name }) => name === property);
    if (attribute === false || !field) return [];
    const name = typeof attribute === 'string' ? attribute : property.toLowerCase();
    const text = field.type.text.replace(/ \| undefined$/u, '');
    return [
      {
        name,
        fieldName: property,
        description: field.description,
        type: { text: type === Boolean ? 'boolean' : plain(text) },
      },
    ];
  });
}

/** What of a type can be written as an attribute. @param {string} text */
const plain = (text) => {
  const parts = text.split(' | ').filter((part) => /^(string|number|boolean|true|false|"[^"]*"|'[^']*')$/u.test(part));
  return parts.length === 0 ? 'string' : parts.join(' | ');
};

/** The module from which an element is imported. */
function moduleOf(declaration) {
  const { name, tagName } = declaration;
  const path =
    tagName === 'cloze-kept-models' ? 'dist/elements/models.js' : `dist/elements/${tagName.slice('cloze-'.length)}.js`;
  const reference = { name, module: path };
  return {
    kind: 'javascript-module',
    path,
    declarations: [declaration],
    exports: [
      { kind: 'js', name, declaration: reference },
      { kind: 'custom-element-definition', name: tagName, declaration: reference },
    ],
  };
}
