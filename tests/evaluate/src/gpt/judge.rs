//! A larger model's surprise at the stories, beside its surprise at stories by people.

use cloze::models::Decoder;
use cloze::text::Tokenizer;

use super::bits::bits;
use crate::data::Data;
use crate::failure::Result;
use crate::model::Loaded;
use crate::report::Report;

/// Tokens of a text that count at most: a written story as long as a generated one.
const TOKENS: usize = 150;

/// `gpt.stories.perplexity` a token of the judge, `.perplexity.people` of the held-out stories'
/// beginnings, and `.perplexity.ratio` of both.
pub fn measure(
    judge: &Loaded<dyn Decoder>,
    texts: &[String],
    data: &Data,
    report: &mut Report,
) -> Result<()> {
    eprintln!("GPT-2: stories, judged by a larger model");
    let generated = perplexity(judge, texts)?;
    report.number("gpt.stories.perplexity", generated);
    let Some(stories) = data.text("stories") else {
        report.missing("gpt.stories.perplexity.ratio");
        return Ok(());
    };
    // A line of a story is a page of a picture book.
    let stories: Vec<String> = stories.iter().map(|story| story.join(" ")).collect();
    let written = perplexity(judge, &stories)?;
    report.number("gpt.stories.perplexity.people", written);
    report.number("gpt.stories.perplexity.ratio", generated / written);
    Ok(())
}

/// Perplexity a token, each text's first token given.
fn perplexity(judge: &Loaded<dyn Decoder>, texts: &[String]) -> Result<f64> {
    let (mut total, mut tokens) = (0.0, 0);
    for text in texts {
        let ids = ids(&judge.tokenizer, text)?;
        total += bits(&*judge.model, &ids)?;
        tokens += ids.len().saturating_sub(1);
    }
    Ok((total / tokens.max(1) as f64).exp2())
}

fn ids(tokenizer: &Tokenizer, text: &str) -> Result<Vec<u32>> {
    let mut ids = tokenizer.encode(text, None, false)?.ids();
    ids.truncate(TOKENS);
    Ok(ids)
}
