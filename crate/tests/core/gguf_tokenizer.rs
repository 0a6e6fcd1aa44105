//! Tokenizers inside GGUF files: the same tokens as from the files they were made of, and broken ones refused.

use cloze::text::{Conversation, Message, Tokenizer, TokenizerFiles, TokenizerWarning};
use cloze::weights::{Metadata, Value as Entry};
use serde_json::Value;
use wasm_bindgen_test::wasm_bindgen_test;

use super::support::*;
use super::tokenization::byte_level;

fn metadata(entries: &[(&str, Entry)]) -> Metadata {
    let entries = entries.iter();
    Metadata(
        entries
            .map(|(key, value)| (format!("tokenizer.{key}"), value.clone()))
            .collect(),
    )
}

fn words(words: impl IntoIterator<Item = impl Into<String>>) -> Entry {
    let words = words.into_iter().map(|word| Entry::String(word.into()));
    Entry::Array(words.collect())
}

fn texts(value: &Value) -> Entry {
    words(list(value).iter().map(text))
}

fn word(word: &str) -> Entry {
    Entry::String(word.into())
}

/// A case of the fixture as a file has it.
fn case_metadata(case: &Value) -> Metadata {
    let kinds = usizes(&case["kinds"]).into_iter();
    let mut entries = vec![
        ("ggml.model", word(text(&case["model"]))),
        ("ggml.pre", word(text(&case["pre"]))),
        ("ggml.tokens", texts(&case["tokens"])),
        (
            "ggml.token_type",
            Entry::Array(kinds.map(|kind| Entry::Int(kind as i64)).collect()),
        ),
        ("ggml.bos_token_id", Entry::Int(1)),
        ("ggml.eos_token_id", Entry::Int(2)),
        ("ggml.unknown_token_id", Entry::Int(0)),
        ("ggml.add_bos_token", Entry::Bool(false)),
    ];
    match &case["scores"] {
        Value::Null => entries.push(("ggml.merges", texts(&case["merges"]))),
        scores => entries.push((
            "ggml.scores",
            Entry::Array(
                floats(scores)
                    .into_iter()
                    .map(|score| Entry::Float(f64::from(score)))
                    .collect(),
            ),
        )),
    }
    metadata(&entries)
}

fn fixture() -> Value {
    serde_json::from_str(fixture!("gguf-tokenizer.json")).expect("a fixture is JSON")
}

/// With and without tokens of users.
pub fn sentence_pieces() -> [Tokenizer; 2] {
    let fixture = fixture();
    let cases = list(&fixture["cases"]);
    [&cases[4], &cases[6]].map(|case| Tokenizer::from_gguf(&case_metadata(case)).expect("pieces"))
}

#[wasm_bindgen_test(unsupported = test)]
fn the_tokens_of_tokenizers_and_sentencepiece() {
    let fixture = fixture();
    for case in list(&fixture["cases"]) {
        let name = format!("{} {}", text(&case["model"]), text(&case["pre"]));
        let tokenizer = Tokenizer::from_gguf(&case_metadata(case)).expect(&name);
        let own = case.get("texts").unwrap_or(&fixture["texts"]);
        for (source, expected) in list(own).iter().zip(list(&case["ids"])) {
            let source = text(source);
            let found = tokenizer.encode(source, None, false).expect("tokens").ids();
            assert_eq!(found, ids(expected), "{name}: {source:?}");
            // Special tokens are no text.
            let shown = match text(&case["model"]) {
                "llama" => source.to_string(),
                _ => source.replace("<|begin|>", "").replace("<|end|>", ""),
            };
            assert_eq!(tokenizer.decode(&found), Ok(shown), "{name}");
        }
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn tokens_around_a_text_as_the_file_says() {
    let fixture = fixture();
    let case = &list(&fixture["cases"])[0];
    let encoded = |flags: &[(&str, bool)], special| {
        let mut metadata = case_metadata(case);
        for (key, flag) in flags {
            metadata
                .0
                .insert(format!("tokenizer.ggml.{key}"), Entry::Bool(*flag));
        }
        let tokenizer = Tokenizer::from_gguf(&metadata).expect("a tokenizer");
        tokenizer.encode("It", None, special).expect("tokens").ids()
    };
    let plain = encoded(&[], true);
    assert_eq!(
        encoded(&[("add_bos_token", true)], true),
        [&[1], &plain[..]].concat()
    );
    assert_eq!(
        encoded(&[("add_bos_token", true), ("add_eos_token", true)], true),
        [&[1], &plain[..], &[2]].concat()
    );
    assert_eq!(
        encoded(&[("add_bos_token", true)], false),
        plain,
        "a template writes its own"
    );
}

#[wasm_bindgen_test(unsupported = test)]
fn gpt2s_and_berts_are_those_of_their_files() {
    let (vocab_json, merges_txt) = (
        fixture!("tokenizers/byte-level/vocab.json"),
        fixture!("tokenizers/byte-level/merges.txt"),
    );
    let vocab: Value = serde_json::from_str(vocab_json).expect("JSON");
    let vocab = vocab.as_object().expect("a vocabulary");
    let mut tokens: Vec<_> = vocab
        .iter()
        .map(|(token, id)| (id.as_u64(), token.clone()))
        .collect();
    tokens.sort();
    let kinds = tokens
        .iter()
        .map(|(_, token)| Entry::Int(if token == "<|endoftext|>" { 3 } else { 1 }));
    let gpt2 = metadata(&[
        ("ggml.model", word("gpt2")),
        ("ggml.pre", word("gpt-2")),
        ("ggml.token_type", Entry::Array(kinds.collect())),
        (
            "ggml.tokens",
            words(tokens.into_iter().map(|(_, token)| token)),
        ),
        (
            "ggml.merges",
            words(
                merges_txt
                    .lines()
                    .filter(|line| !line.starts_with("#version")),
            ),
        ),
    ]);
    let vocab_txt = fixture!("tokenizers/wordpiece-uncased/vocab.txt");
    // As llama.cpp's converter turns it.
    let phantom = |token: &str| match token.strip_prefix("##") {
        _ if token.starts_with('[') && token.ends_with(']') => token.to_string(),
        Some(rest) => rest.to_string(),
        None => format!("\u{2581}{token}"),
    };
    let bert = metadata(&[
        ("ggml.model", word("bert")),
        ("ggml.tokens", words(vocab_txt.lines().map(phantom))),
    ]);
    let uncased = Tokenizer::from_files(&TokenizerFiles {
        vocab_txt: Some(vocab_txt.as_bytes()),
        ..Default::default()
    });
    for (metadata, reference) in [(gpt2, byte_level()), (bert, uncased.expect("a tokenizer"))] {
        let tokenizer = Tokenizer::from_gguf(&metadata).expect("a tokenizer");
        for source in list(&fixture()["texts"]).iter().map(text) {
            assert_eq!(
                tokenizer.encode(source, None, true).expect("tokens"),
                reference.encode(source, None, true).expect("tokens"),
                "{source:?}"
            );
        }
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn a_file_that_does_not_say_how_words_are_found() {
    let fixture = fixture();
    let default = &list(&fixture["cases"])[5];
    let read = |pre: Option<&str>| {
        let mut metadata = case_metadata(default);
        metadata.0.remove("tokenizer.ggml.pre");
        if let Some(pre) = pre {
            metadata.0.insert("tokenizer.ggml.pre".into(), word(pre));
        }
        let tokenizer = Tokenizer::from_gguf(&metadata).expect("a tokenizer");
        let tokens = list(&fixture["texts"]).iter().map(|source| {
            tokenizer
                .encode(text(source), None, false)
                .expect("tokens")
                .ids()
        });
        (tokens.collect::<Vec<_>>(), tokenizer.warnings().to_vec())
    };
    let (silent, warnings) = read(None);
    assert_eq!(warnings, [TokenizerWarning::NoPreTokenizer]);
    assert_eq!(read(Some("default")), (silent.clone(), Vec::new()));
    assert_ne!(read(Some("gpt-2")).0, silent, "another rule");
    // Other kinds find words in one way only.
    let pieces = case_metadata(&list(&fixture["cases"])[4]);
    let tokenizer = Tokenizer::from_gguf(&pieces).expect("a tokenizer");
    assert!(tokenizer.warnings().is_empty());
}

/// A BERT of these tokens, as llama.cpp's converter writes them.
fn bert(tokens: &str, kinds: Option<&[i64]>, more: &[(&str, Entry)]) -> Tokenizer {
    let mut entries = vec![
        ("ggml.model", word("bert")),
        ("ggml.tokens", words(tokens.split(' '))),
    ];
    if let Some(kinds) = kinds {
        let kinds = kinds.iter().map(|&kind| Entry::Int(kind));
        entries.push(("ggml.token_type", Entry::Array(kinds.collect())));
    }
    entries.extend(more.iter().cloned());
    Tokenizer::from_gguf(&metadata(&entries)).expect("a tokenizer")
}

fn cut(tokenizer: &Tokenizer, source: &str) -> String {
    let encoding = tokenizer.encode(source, None, true).expect("tokens");
    let tokens = encoding
        .ids()
        .into_iter()
        .map(|id| tokenizer.id_to_token(id));
    tokens
        .collect::<Option<Vec<_>>>()
        .expect("tokens")
        .join(" ")
}

#[wasm_bindgen_test(unsupported = test)]
fn casing_of_berts_in_gguf_files() {
    const UNCASED: &str = "[PAD] [UNK] [CLS] [SEP] [MASK] \u{2581}berlin \u{2581}cafe \u{2581}is \u{2581}open \u{2581}\u{211d}";
    let lower = |flag| ("ggml.normalizer.lowercase", Entry::Bool(flag));
    let accents = |flag| ("ggml.normalizer.strip_accents", Entry::Bool(flag));
    let sentence = "Berlin Caf\u{e9} IS open";
    let folded = "[CLS] berlin cafe is open [SEP]";
    // No letter of it has a small form: that of real numbers is in bert-base-uncased.
    assert_eq!(cut(&bert(UNCASED, None, &[]), sentence), folded);
    // Nor do a few strays among many pieces.
    let many: Vec<String> = (0..500).map(|i| format!("##p{i}")).collect();
    let strays = format!("{UNCASED} {} \u{2581}Xyz \u{2581}\u{e9}", many.join(" "));
    assert_eq!(cut(&bert(&strays, None, &[]), sentence), folded);
    // A token of a user in capitals says nothing of the text's.
    let with_user = format!("{UNCASED} <BOT>");
    let kinds = [3, 3, 3, 3, 3, 1, 1, 1, 1, 1, 4];
    let tokenizer = bert(&with_user, Some(&kinds), &[]);
    assert_eq!(cut(&tokenizer, sentence), folded);
    assert_eq!(cut(&tokenizer, "Is<BOT>open"), "[CLS] is <bot> open [SEP]");
    // What the file says counts before any guess.
    let both = format!("{UNCASED} \u{2581}Berlin \u{2581}IS \u{2581}caf\u{e9} \u{2581}Caf\u{e9}");
    for (more, expected) in [
        (vec![], "[CLS] Berlin Caf\u{e9} IS open [SEP]"),
        (vec![lower(true)], folded),
        (
            vec![lower(true), accents(false)],
            "[CLS] berlin caf\u{e9} is open [SEP]",
        ),
        (vec![lower(false)], "[CLS] Berlin Caf\u{e9} IS open [SEP]"),
        (
            vec![lower(false), accents(true)],
            "[CLS] Berlin [UNK] IS open [SEP]",
        ),
    ] {
        assert_eq!(
            cut(&bert(&both, None, &more), sentence),
            expected,
            "{more:?}"
        );
    }
    // An uncased vocabulary with accents keeps them.
    let german = format!("{UNCASED} \u{2581}caf\u{e9}");
    let kept = "[CLS] berlin caf\u{e9} is open [SEP]";
    assert_eq!(cut(&bert(&german, None, &[]), sentence), kept);
    assert_eq!(
        cut(&bert(&german, None, &[accents(true)]), sentence),
        folded
    );
    // Special tokens under other names.
    let named = UNCASED
        .replace("[CLS]", "<s>")
        .replace("[SEP]", "</s>")
        .replace("[MASK]", "<m>");
    let ids = [
        ("ggml.bos_token_id", 2),
        ("ggml.eos_token_id", 3),
        ("ggml.mask_token_id", 4),
    ];
    let more = ids.map(|(key, id)| (key, Entry::Int(id)));
    let tokenizer = bert(&named, Some(&[3, 3, 3, 3, 3, 1, 1, 1, 1, 1]), &more);
    assert_eq!(cut(&tokenizer, "Is <m>"), "<s> is <m> </s>");
    assert_eq!(tokenizer.mask_token(), Some((4, "<m>")));
    // The whole tokenizer.json may be in the file.
    let json = include_str!("../../../models/bert/tokenizer.json");
    let tokenizer = bert(UNCASED, None, &[("huggingface.json", word(json))]);
    assert!(tokenizer.vocab_size() > 1000);
}

#[wasm_bindgen_test(unsupported = test)]
fn broken_ones_are_refused() {
    let fixture = fixture();
    let (bytes, pieces) = (&list(&fixture["cases"])[0], &list(&fixture["cases"])[4]);
    for (expected, case, key, value) in [
        ("invalid_tokenizer", bytes, "model", Entry::Int(3)),
        ("unsupported", bytes, "model", word("rwkv")),
        ("unsupported", bytes, "pre", word("nonsense")),
        ("invalid_tokenizer", bytes, "tokens", Entry::Int(3)),
        (
            "invalid_tokenizer",
            bytes,
            "tokens",
            Entry::Array(vec![Entry::Int(3)]),
        ),
        ("invalid_tokenizer", bytes, "tokens", words(["a", "b"])),
        (
            "invalid_tokenizer",
            bytes,
            "token_type",
            Entry::Array(vec![Entry::Int(3)]),
        ),
        ("invalid_tokenizer", bytes, "merges", Entry::Bool(true)),
        ("invalid_tokenizer", bytes, "merges", words(["ab"])),
        ("invalid_tokenizer", bytes, "merges", words(["no such"])),
        (
            "invalid_tokenizer",
            pieces,
            "scores",
            Entry::Array(vec![Entry::Float(1.0)]),
        ),
        (
            "invalid_tokenizer",
            pieces,
            "bos_token_id",
            Entry::Int(1 << 40),
        ),
    ] {
        let mut metadata = case_metadata(case);
        metadata
            .0
            .insert(format!("tokenizer.ggml.{key}"), value.clone());
        if key == "bos_token_id" {
            metadata
                .0
                .insert("tokenizer.ggml.add_bos_token".into(), Entry::Bool(true));
        }
        assert_eq!(
            code(Tokenizer::from_gguf(&metadata)),
            expected,
            "{key}: {value:?}"
        );
    }
    assert_eq!(
        code(Tokenizer::from_gguf(&Metadata::default())),
        "invalid_tokenizer"
    );
    // Odd, but nothing that would harm anybody.
    for (key, value) in [
        (
            "token_type",
            Entry::Array(vec![Entry::Bool(true); list(&bytes["tokens"]).len()]),
        ),
        ("add_bos_token", Entry::Int(1)),
        ("merges", words([""; 0])),
        ("model", word("bert")),
    ] {
        let mut metadata = case_metadata(bytes);
        metadata.0.insert(format!("tokenizer.ggml.{key}"), value);
        let tokenizer = Tokenizer::from_gguf(&metadata).expect(key);
        tokenizer
            .encode("It's café 🙂", None, true)
            .expect("tokens");
    }
}

/// A tokenizer with this chat template.
fn with_template(template: &str) -> Tokenizer {
    let mut metadata = case_metadata(&list(&fixture()["cases"])[0]);
    metadata
        .0
        .insert("tokenizer.chat_template".into(), word(template));
    Tokenizer::from_gguf(&metadata).expect("a tokenizer")
}

fn said(role: &str, content: &str) -> Message {
    Message::new(role, content)
}

#[wasm_bindgen_test(unsupported = test)]
fn templates_of_all_kinds() {
    let talk = [
        said("user", " Hi <b> "),
        said("assistant", "Yes?"),
        said("user", "So."),
    ];
    for (template, expected) in [
        // Blocks leave no line behind, methods are Python's, loops have neighbours.
        (
            "{%- for message in messages %}\n  {%- if message['role'].upper() == 'USER' %}\n[{{ message.content.strip() }}]\n  \
             {%- endif %}\n{%- endfor %}{{ bos_token }}{{ eos_token }}",
            "[Hi <b>][So.]<|end|>!",
        ),
        ("{% for m in messages %}{% if loop.last %}{% break %}{% endif %}{{ m.content|trim }}{% endfor %}", "Hi <b>Yes?"),
        ("{% set ns = namespace(n=0) %}{% for m in messages %}{% set ns.n = ns.n + 1 %}{% endfor %}{{ ns.n }}", "3"),
        ("{{ messages[-1]['content'] | tojson }}{% if tools is none %}none{% endif %}", "\"So.\"none"),
        ("{% if not add_generation_prompt is defined %}no{% endif %}{% macro turn(m) %}<{{ m.role }}>{% endmacro %}{{ turn(messages[0]) }}", "<user>"),
        ("{{ messages[:1][0].content.split('<')[0] }}{{ 'a' if messages[0].content.startswith(' H') else 'b' }}", " Hi a"),
    ] {
        let tokenizer = with_template(template);
        let found = tokenizer.chat_template().and_then(|template| template.apply(&Conversation::of(&talk)));
        let tokens = (text(&list(&fixture()["cases"])[0]["tokens"][1]).to_string(), text(&list(&fixture()["cases"])[0]["tokens"][2]).to_string());
        let expected = expected.replace("<|end|>!", &format!("{}{}", tokens.0, tokens.1));
        assert_eq!(found.expect(template), expected);
    }
    let tokenizer = Tokenizer::from_gguf(&case_metadata(&list(&fixture()["cases"])[0]));
    assert_eq!(
        code(tokenizer.expect("a tokenizer").chat_template().map(drop)),
        "no_chat_template"
    );
}

#[wasm_bindgen_test(unsupported = test)]
fn templates_that_fail_or_never_end() {
    let talk = [said("user", "Hi")];
    let nested = format!("{}{}", "(".repeat(10_000), ")".repeat(10_000));
    for template in [
        "{{ raise_exception('roles must alternate') }}",
        "{% for m in messages %}",
        "{{ unknown_function() }}",
        "{{ messages | no_such_filter }}",
        "{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}",
        "{% for a in range(90000) %}{{ 'x' * 90000 }}{% endfor %}",
        "{{ 'x' * 10000000000 }}",
        "{{ 'x' | indent(10000000000) }}",
        "{{ '%1000000000d' | format(1) }}",
        "{% macro again() %}{{ again() }}{% endmacro %}{{ again() }}",
        "{% include 'chat_template' %}",
        "{% extends 'chat_template' %}",
        &format!("{{{{ {nested} }}}}"),
        &"{# long #}".repeat(100_000),
    ] {
        let tokenizer = with_template(template);
        let found = tokenizer
            .chat_template()
            .and_then(|template| template.apply(&Conversation::of(&talk)));
        assert_eq!(
            code(found),
            "chat_template",
            "{}",
            &template[..template.len().min(80)]
        );
    }
    let refused = with_template("{{ raise_exception('roles must alternate') }}");
    let error = refused
        .chat_template()
        .and_then(|template| template.apply(&Conversation::of(&talk)))
        .expect_err("refused");
    assert!(
        error.to_string().contains("roles must alternate"),
        "{error}"
    );
}

#[wasm_bindgen_test(unsupported = test)]
fn templates_beside_tokenizer_json() {
    let files = |config: &'static str, jinja: Option<&'static str>| {
        Tokenizer::from_files(&TokenizerFiles {
            vocab_json: Some(fixture!("tokenizers/byte-level/vocab.json").as_bytes()),
            merges_txt: Some(fixture!("tokenizers/byte-level/merges.txt").as_bytes()),
            tokenizer_config: Some(config.as_bytes()),
            chat_template: jinja.map(str::as_bytes),
            ..Default::default()
        })
    };
    for (config, jinja, expected) in [
        (
            r#"{"chat_template": "A{{ eos_token }}", "eos_token": "<e>"}"#,
            None,
            "A<e>",
        ),
        (
            r#"{"chat_template": "A", "bos_token": {"content": "<b>", "lstrip": false}}"#,
            Some("J{{ bos_token }}"),
            "J<b>",
        ),
        (
            r#"{"chat_template": [{"name": "tool_use", "template": "T"}, {"name": "default", "template": "D"}]}"#,
            None,
            "D",
        ),
        (r#"{"eos_token": null}"#, Some("J{{ eos_token }}"), "J"),
    ] {
        let tokenizer = files(config, jinja).expect("a tokenizer");
        let template = tokenizer.chat_template().expect("a template");
        assert_eq!(
            template
                .apply(&Conversation::of(&[said("user", "Hi")]))
                .expect("a prompt"),
            expected
        );
    }
    // What is not there is taken from the GGUF file, what is there stays.
    let metadata = metadata(&[("chat_template", word("G"))]);
    for (config, expected) in [("{}", "G"), (r#"{"chat_template": "A"}"#, "A")] {
        let tokenizer = files(config, None)
            .expect("a tokenizer")
            .with_template_of(&metadata);
        let template = tokenizer.chat_template().expect("a template");
        assert_eq!(
            template
                .apply(&Conversation::of(&[said("user", "Hi")]))
                .expect("a prompt"),
            expected
        );
    }
    assert_eq!(
        code(files(r#"{"chat_template": 3}"#, None).map(drop)),
        "invalid_tokenizer"
    );
}
