//! Chat templates against jinja2 as `transformers` sets it up, byte for byte.

use chrono::NaiveDateTime;
use cloze::error::TemplateProblem;
use cloze::text::{ChatTemplate, Conversation, Message, Tokenizer, TokenizerFiles};
use cloze::Error;
use serde::Deserialize;
use serde_json::Value;
use wasm_bindgen_test::wasm_bindgen_test;

use super::support::*;

/// The fixture, as far as its order does not matter.
fn fixture() -> Value {
    serde_json::from_str(fixture!("chat-templates.json")).expect("JSON")
}

/// Conversations of the fixture: read from its text, as their fields have an order.
#[derive(Deserialize)]
struct Conversations {
    conversations: std::collections::BTreeMap<String, Conversation>,
    expressions: Expressions,
}

#[derive(Deserialize)]
struct Expressions {
    conversation: Conversation,
}

fn conversations() -> Conversations {
    serde_json::from_str(fixture!("chat-templates.json")).expect("conversations")
}

fn template(source: &str, fixture: &Value) -> ChatTemplate {
    let tokens = fixture["tokens"].as_array().expect("tokens");
    let tokens: Vec<(String, String)> = tokens
        .iter()
        .map(|pair| {
            let part = |at: usize| pair[at].as_str().expect("a text").to_string();
            (part(0), part(1))
        })
        .collect();
    let tokens: Vec<(&str, &str)> = tokens.iter().map(|(a, b)| (&**a, &**b)).collect();
    ChatTemplate::new(source, &tokens)
}

/// What is wrong with the result for a case; `None` if nothing is.
fn wrong(
    case: &Value,
    source: &str,
    conversation: &Conversation,
    fixture: &Value,
) -> Option<String> {
    let now = fixture["now"].as_str().and_then(|now| now.parse().ok());
    let now: NaiveDateTime = now.expect("a time");
    let ours = template(source, fixture).apply_at(conversation, &now);
    match (case["text"].as_str(), ours) {
        (Some(text), Ok(ours)) if ours == text => None,
        (
            None,
            Err(Error::ChatTemplate {
                problem,
                reason,
                line,
            }),
        ) => {
            // A range that is too long fails in Python, and is one kind of endlessness here.
            let same = problem.name() == case["problem"]
                || (problem == TemplateProblem::Endless && case["problem"] == "unfitting");
            let words = case["reason"].as_str().is_none_or(|words| words == reason);
            let line_fits = case["line"].as_u64().is_none_or(|l| line == Some(l as u32));
            (!(same && words && line_fits))
                .then(|| format!("{case}: {problem:?} {reason} {line:?}"))
        }
        (None, Err(Error::InvalidOption { .. })) if case["problem"] == "unfitting" => None,
        (_, ours) => Some(format!("{source:?}\n  python {case}\n  ours   {ours:?}")),
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn templates_render_as_in_transformers() {
    let (fixture, read) = (fixture(), conversations());
    let cases = fixture["cases"].as_array().expect("cases");
    let wrongs: Vec<String> = cases
        .iter()
        .filter_map(|case| {
            let source = &fixture["templates"][case["template"].as_str()?];
            let conversation = &read.conversations[case["conversation"].as_str()?];
            wrong(case, source.as_str()?, conversation, &fixture)
        })
        .collect();
    assert!(cases.len() > 500);
    assert!(
        wrongs.is_empty(),
        "{} wrong:\n{}",
        wrongs.len(),
        wrongs.join("\n")
    );
}

#[wasm_bindgen_test(unsupported = test)]
fn expressions_are_pythons() {
    let (fixture, read) = (fixture(), conversations());
    let cases = fixture["expressions"]["cases"].as_array().expect("cases");
    let wrongs: Vec<String> = cases
        .iter()
        .filter_map(|case| {
            let source = case["template"].as_str()?;
            wrong(case, source, &read.expressions.conversation, &fixture)
        })
        .collect();
    assert!(cases.len() > 550);
    assert!(
        wrongs.is_empty(),
        "{} wrong:\n{}",
        wrongs.len(),
        wrongs.join("\n")
    );
}

/// Beside `vocab.json` and `merges.txt`: which template is taken, and which special tokens it is given.
#[wasm_bindgen_test(unsupported = test)]
fn templates_and_tokens_come_from_the_files() {
    for case in list(&fixture()["folders"]) {
        let file = |name: &str| match &case["files"][name] {
            Value::Null => None,
            Value::String(text) => Some(text.clone().into_bytes()),
            json => Some(json.to_string().into_bytes()),
        };
        let (config, tokenizer_config) = (file("config.json"), file("tokenizer_config.json"));
        let (map, jinja) = (file("special_tokens_map.json"), file("chat_template.jinja"));
        let tools = file("additional_chat_templates/tool_use.jinja");
        let tokenizer = Tokenizer::from_files(&TokenizerFiles {
            vocab_json: Some(fixture!("tokenizers/byte-level/vocab.json").as_bytes()),
            merges_txt: Some(fixture!("tokenizers/byte-level/merges.txt").as_bytes()),
            config: config.as_deref(),
            tokenizer_config: tokenizer_config.as_deref(),
            special_tokens_map: map.as_deref(),
            chat_template: jinja.as_deref(),
            tool_use_template: tools.as_deref(),
            ..Default::default()
        });
        let with_tools = case["tools"] == true;
        let conversation = Conversation {
            tools: with_tools.then(|| serde_json::from_str(r#"[{"name": "f"}]"#).expect("tools")),
            ..Conversation::of(&[Message::new("user", "Hi")])
        };
        let tokenizer = tokenizer.expect("a tokenizer");
        let template = tokenizer.chat_template().expect("a template");
        assert_eq!(
            template.apply(&conversation).expect("a text"),
            text(&case["text"]),
            "{case}"
        );
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn hostile_templates_end() {
    const DOUBLED: &str = "{% set ns.a = [ns.a, ns.a] %}{% set ns.b = [ns.b, ns.b] %}";
    let messages = [Message::new("user", "Hello")];
    let deep = |open: &str, close: &str| {
        format!("{{{{ {}1{} }}}}", open.repeat(20_000), close.repeat(20_000))
    };
    for source in [
        "{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}".to_string(),
        "{% for i in range(1000000000) %}{{ i }}{% endfor %}".into(),
        "{{ 'x' * 1000000000000 }}".into(),
        "{{ [0] * 1000000000000 }}".into(),
        "{% set ns = namespace(x='ab') %}{% for i in range(100) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}".into(),
        "{% set ns = namespace(x=['ab']) %}{% for i in range(100) %}{% set ns.x = ns.x + ns.x %}{% endfor %}".into(),
        "{% set ns = namespace(x=[]) %}{% for i in range(99999) %}{% set ns.x = [ns.x] %}{% endfor %}{{ ns.x }}".into(),
        "{% set ns = namespace(x=2) %}{% for i in range(99) %}{% set ns.x = ns.x * ns.x %}{% endfor %}".into(),
        "{% set ns = namespace() %}{% set ns.x = ns %}{{ ns }}".into(),
        "{% set ns = namespace(l=0) %}{% for i in range(9999) %}{% for y in [ns.l] %}{% set ns.l = loop %}{% endfor %}{% endfor %}{{ ns.l }}".into(),
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}".into(),
        "{% macro m(x) %}{{ m(m) }}{{ m(m) }}{% endmacro %}{{ m(m) }}".into(),
        "{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}".into(),
        "{{ 'a'|center(10000000000) }}{{ '%1000000000d' % 1 }}".into(),
        "{{ '{:>1000000000}'.format(1) }}".into(),
        "{{ '%.1000000000f' % 1 }}".into(),
        "{{ [1, [2]]|tojson(indent=1000000) * 1000 }}".into(),
        "{{ 'a b'|replace('', 'x' * 1000)|replace('', 'x' * 10000)|replace('', 'x' * 10000) }}".into(),
        "{{ 'ab'|indent(1000000000) }}{{ 'a\nb'|indent(10000000000) }}".into(),
        "{{ [1]|batch(10000000000, 0)|list }}".into(),
        "{{ [1]|slice(10000000000)|list }}".into(),
        "{{ 2 ** 100000 }}".into(),
        deep("(", ")"),
        deep("[", "]"),
        deep("-", ""),
        deep("not ", ""),
        format!("{{{{ 1{} }}}}", " + 1".repeat(40_000)),
        format!("{{{{ x{} }}}}", "[0]".repeat(40_000)),
        format!("{{{{ 'x'{} }}}}", "|upper".repeat(20_000)),
        format!("{}{}", "{% if true %}".repeat(5_000), "{% endif %}".repeat(5_000)),
        "x".repeat(300_000),
        "{{ '%.70000f' % 1.5 }}".into(),
        "{{ '%.70000e' % 1.5 }}".into(),
        "{{ '%.70000g' % 1.5 }}".into(),
        "{{ '{:.70000f}'.format(1.5) }}".into(),
        "{{ '{:.70000%}'.format(1.5) }}".into(),
        format!("{{{{ 'a'|map({}'upper')|list }}}}", "'map', ".repeat(3_000)),
        "{% set ns = namespace(p=0) %}{% for i in range(99999) %}{% for y in [1] %}{% set x = loop.changed(ns.p) %}{% set ns.p = loop %}{% endfor %}{% endfor %}{{ 2 ** 1000 }}".into(),
        "{% set ns = namespace(p=0) %}{% for i in range(50000) %}{% set prev = ns.p %}{% for y in [1] recursive %}{% set ns.p = loop %}{% endfor %}{% endfor %}{{ 2 ** 1000 }}".into(),
        format!("{{% set ns = namespace(a=[0], b=[0]) %}}{{% for i in range(60) %}}{}{{% endfor %}}{{{{ ns.a == ns.b }}}}", DOUBLED),
        format!("{{% set ns = namespace(a=[0], b=[0]) %}}{{% for i in range(60) %}}{}{{% endfor %}}{{{{ ns.a < ns.b }}}}", DOUBLED),
        format!("{{% set ns = namespace(a=[0], b=[0]) %}}{{% for i in range(60) %}}{}{{% endfor %}}{{{{ [ns.a, ns.b]|unique|list }}}}", DOUBLED),
        format!("{{% set ns = namespace(a=[0], b=[0]) %}}{{% for i in range(60) %}}{}{{% endfor %}}{{{{ ns.a in [ns.b] }}}}", DOUBLED),
        format!("{{% set ns = namespace(a=[0], b=[0]) %}}{{% for i in range(60) %}}{}{{% endfor %}}{{{{ [ns.a]|sort + [ns.a, ns.b]|sort }}}}", DOUBLED),
        "{% for i in range(100000) %}{{ ('a' * 100000).strip('b' * 100000 ~ 'a') }}{% endfor %}".into(),
    ] {
        #[cfg(not(target_arch = "wasm32"))]
        let begin = std::time::Instant::now();
        let result = ChatTemplate::new(&source, &[]).apply(&Conversation::of(&messages));
        let name: String = source.chars().take(80).collect();
        let Err(Error::ChatTemplate { problem, .. }) = result else {
            panic!("{name}: {:?}", result.map(|text| text.len()));
        };
        let fits = [TemplateProblem::Endless, TemplateProblem::Unreadable].contains(&problem);
        assert!(fits, "{name}: {problem:?}");
        #[cfg(not(target_arch = "wasm32"))]
        assert!(begin.elapsed().as_secs() < 20, "{name}");
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn cheap_answers_to_hostile_templates() {
    let messages = [Message::new("user", "Hello")];
    for (source, text) in [
        ("{{ [] * 10**18 }}{{ '' * 10**18 }}{{ () * 10**18 }}", "[]()"),
        ("{% set ns=namespace(a=[0]) %}{% for i in range(60) %}{% set ns.a=[ns.a, ns.a] %}{% endfor %}{{ ns.a == ns.a }}", "True"),
        ("{{ 'a b c'.split(' ', 4294967295) }}{{ 'a b'.rsplit(' ', 18446744073709551615) }}", "['a', 'b', 'c']['a', 'b']"),
        ("{% for x in [1, 1, [2], [2], 1] %}{{ loop.changed(x) }} {% endfor %}", "True False True False True "),
        ("{% set ns = namespace(l=[]) %}{% for i in range(1000) %}{% set ns.l = ns.l + [(i * 7919) % 1009 if i % 3 else 'nan'|float] %}{% endfor %}{{ ns.l|sort|length }}", "1000"),
        ("{{ '%.20f' % 0.5 }}", "0.50000000000000000000"),
    ] {
        let result = ChatTemplate::new(source, &[]).apply(&Conversation::of(&messages));
        assert_eq!(result.unwrap(), text, "{source}");
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn calls_of_tools_without_a_text_are_answered() {
    let template = ChatTemplate::new(
        "{% for m in messages %}{{ m.role }}:{{ m.content }};{% endfor %}{% if add_generation_prompt %}>{% endif %}",
        &[],
    );
    let mut conversation: Conversation = serde_json::from_str(
        r#"{"messages": [{"role": "assistant", "content": null, "tool_calls": [{"name": "now"}]}]}"#,
    )
    .expect("a conversation");
    let text = template.apply(&conversation).expect("a text");
    assert_eq!(text, "assistant:;>");
    conversation.continue_final_message = Some(true);
    let refused = template.apply(&conversation).expect_err("no text");
    assert_eq!(refused.code(), "invalid_option");
}
