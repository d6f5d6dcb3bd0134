//! Trains the tokenizer and the language model, and leaves both where `include_bytes!` finds
//! them. The result depends on the corpus and on the features alone.

use std::error::Error;
use std::path::PathBuf;
use std::{env, fs};

use rbee_corpus::Passages;
use rbee_ngram::{best_discount, perplexity, Counts, Model};
use rbee_tokenizer::{Tokenizer, Trainer, END};

const MERGES: usize = 700;
const TUNING_STEPS: usize = 8;

fn main() -> Result<(), Box<dyn Error>> {
    // The corpus is a build dependency, so cargo runs this again when a text changes.
    println!("cargo:rerun-if-changed=build.rs");

    let order = if env::var_os("CARGO_FEATURE_LARGE").is_some() {
        5
    } else {
        4
    };
    let passages = Passages::load();
    let tokenizer = train_tokenizer(&passages);
    let training = encode(&tokenizer, &passages.training);
    let held_out = encode(&tokenizer, &passages.held_out);

    let mut counts = count(order, &training);
    let vocabulary = tokenizer.vocabulary_size();
    let discount = best_discount(&counts, vocabulary, &held_out, TUNING_STEPS);
    let judged = perplexity(&Model::new(&counts, vocabulary, discount), &held_out);

    // Tuned and judged: now nothing has to be held out any more.
    for passage in &held_out {
        counts.observe(passage);
    }
    let model = Model::new(&counts, vocabulary, discount);

    let directory = PathBuf::from(env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?);
    fs::write(directory.join("tokenizer.bin"), tokenizer.to_bytes())?;
    fs::write(directory.join("ngram.bin"), model.to_bytes())?;
    println!("cargo:rustc-env=RBEE_HELD_OUT_PERPLEXITY={judged:.1}");
    Ok(())
}

fn train_tokenizer(passages: &Passages) -> Tokenizer {
    let mut trainer = Trainer::new();
    for passage in passages.all() {
        trainer.feed(passage);
    }
    trainer.train(MERGES)
}

fn encode(tokenizer: &Tokenizer, passages: &[String]) -> Vec<Vec<u32>> {
    passages
        .iter()
        .map(|passage| {
            let mut ids = vec![END];
            // As if the passage went on from another: a first word is a word like any other.
            ids.extend(tokenizer.encode(&format!(" {passage}")));
            ids.push(END);
            ids
        })
        .collect()
}

fn count(order: usize, passages: &[Vec<u32>]) -> Counts {
    let mut counts = Counts::new(order);
    for passage in passages {
        counts.observe(passage);
    }
    counts
}
