//! Fills the masks of a text with the default BERT.
//!
//! `cargo run --release -p cloze --example fill_mask -- "The box was [MASK]: somebody had eaten all the cake."`

use std::error::Error;

use cloze::pretrained::default_model;
use cloze::weights::DType;
use cloze::Pretrained;

fn main() -> Result<(), Box<dyn Error>> {
    let text = std::env::args()
        .nth(1)
        .unwrap_or("The box was [MASK]: somebody had eaten all the cake.".into());
    let bert = Pretrained::from_dir(
        default_model("bert").map_err(|error| error.to_string())?,
        DType::Q8,
    )?;
    for mask in bert.fill_mask()?.predict(&text, &Default::default())? {
        for candidate in mask.candidates {
            println!("{:5.1} %  {}", 100.0 * candidate.score, candidate.sequence);
        }
        println!();
    }
    Ok(())
}
