use rbee_engine::{Info, Summary};
use rbee_json::Object;

/// An answer as members of a JSON object.
pub fn summarize(summary: &Summary) -> Object {
    let usage = Object::new()
        .with("prompt_tokens", summary.prompt_tokens)
        .with("completion_tokens", summary.completion_tokens)
        .with(
            "total_tokens",
            summary.prompt_tokens + summary.completion_tokens,
        );
    Object::new()
        .with("text", summary.text.as_str())
        .with("finish_reason", summary.finish.as_str())
        .with("usage", usage)
}

/// Facts about a model as members of a JSON object.
pub fn describe(info: &Info) -> Object {
    Object::new()
        .with("model", info.name.as_str())
        .with("order", info.order)
        .with("vocabulary", info.vocabulary)
        .with("contexts", info.contexts)
        .with(
            "held_out_perplexity",
            info.held_out_perplexity.parse().unwrap_or(f64::NAN),
        )
        .with("size", info.size)
}
