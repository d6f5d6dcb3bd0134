use crate::{Model, TokenId};

/// Bits that the model needs for a token of `passages`, on average; zero if there is none.
pub fn cross_entropy(model: &Model, passages: &[Vec<TokenId>]) -> f64 {
    let mut bits = 0.0;
    let mut tokens = 0u32;
    for passage in passages {
        for position in 1..passage.len() {
            let start = position.saturating_sub(model.order() - 1);
            let context = &passage[start..position];
            bits -= model.probability(context, passage[position]).log2();
            tokens += 1;
        }
    }
    if tokens == 0 {
        0.0
    } else {
        bits / f64::from(tokens)
    }
}

/// Between how many equally likely tokens the model hesitates, on average.
pub fn perplexity(model: &Model, passages: &[Vec<TokenId>]) -> f64 {
    cross_entropy(model, passages).exp2()
}
