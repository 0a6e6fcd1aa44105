//! Looks inside the default BERT while it guesses a mask: what it would say after each layer, and what the mask looks at.
//!
//! `cargo run --release -p cloze --example inspect -- "The box was [MASK]: somebody had eaten all the cake."`

use std::error::Error;

use cloze::pretrained::default_model;
use cloze::weights::DType;
use cloze::Pretrained;

fn main() -> Result<(), Box<dyn Error>> {
    let bert = Pretrained::from_dir(
        default_model("bert").map_err(|error| error.to_string())?,
        DType::Q8,
    )?;
    let layers = bert.model.info().num_hidden_layers;
    let (inspect, tokenizer) = (bert.inspect(), bert.tokenizer);
    let text = std::env::args()
        .nth(1)
        .unwrap_or("The box was [MASK]: somebody had eaten all the cake.".into());
    let encoding = inspect.encode(&text, None)?;
    let mask = tokenizer.mask_token().map(|(id, _)| id);
    let place = encoding.tokens.iter().position(|t| Some(t.id) == mask);
    let (place, len) = (place.ok_or("there is no mask")?, encoding.len());

    let mut lens = inspect.logit_lens(&encoding, 3)?;
    lens.by_ref().try_for_each(|step| step.map(drop))?;
    let lens = lens.finish();
    for layer in 0..=layers {
        let row = layer * len + place;
        let best = (row * lens.top_k..(row + 1) * lens.top_k).map(|at| {
            let percent = 100.0 * lens.probabilities[at];
            format!("{} {percent:.1} %", tokenizer.readable(lens.ids[at]))
        });
        println!("layer {layer:2}: {}", best.collect::<Vec<_>>().join(", "));
    }
    println!("the answer leads from layer {}", lens.first_layer[place]);

    let rollout = inspect.attention_rollout(&encoding, None)?.rollout;
    let mut seen: Vec<_> = (0..len)
        .map(|token| (rollout[place * len + token], token))
        .collect();
    seen.sort_by(|a, b| b.0.total_cmp(&a.0));
    for (share, token) in &seen[..5.min(len)] {
        println!("{:5.1} %  {}", 100.0 * share, encoding.tokens[*token].token);
    }
    Ok(())
}
