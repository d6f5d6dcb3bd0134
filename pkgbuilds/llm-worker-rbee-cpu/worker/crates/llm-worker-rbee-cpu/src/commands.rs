use std::error::Error;
use std::io::{self, IsTerminal, Read, Write};

use rbee_args::Matches;
use rbee_engine::{Engine, Request};
use rbee_json::{Object, Value};
use rbee_protocol::{describe, serve, summarize};

use crate::options::{request, PROGRAM};

type Result<T = ()> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// Does what the command line asks for.
pub(crate) fn run(matches: &Matches) -> Result {
    let mut output = io::stdout().lock();
    if matches.has("help") {
        return Ok(output.write_all(PROGRAM.help().as_bytes())?);
    }
    if matches.has("version") {
        let version = env!("CARGO_PKG_VERSION");
        let features = env!("RBEE_ENABLED_FEATURES");
        return Ok(writeln!(
            output,
            "{} {version} (features: {features})",
            PROGRAM.name
        )?);
    }
    let request = request(matches)?;
    let engine = Engine::embedded()?;
    match matches.command() {
        Some("serve") => Ok(serve(&engine, &request, io::stdin().lock(), output)?),
        Some("tokenize") => tokenize(&engine, matches, &mut output),
        Some("info") => info(&engine, matches, &mut output),
        #[cfg(feature = "bench")]
        Some("bench") => bench(&engine, &request, matches, &mut output),
        _ => generate(&engine, request, matches, &mut output),
    }
}

fn generate(
    engine: &Engine,
    mut request: Request,
    matches: &Matches,
    output: &mut impl Write,
) -> Result {
    request.prompt = prompt(matches)?;
    let mut generation = engine.generate(&request)?;
    if matches.has("json") {
        let mut answer = Object::new()
            .with("model", engine.info().name)
            .with("seed", request.settings.seed)
            .with("prompt", request.prompt);
        for (name, value) in summarize(&generation.run()).iter() {
            answer.insert(name.to_owned(), value.clone());
        }
        return Ok(writeln!(output, "{}", Value::from(answer))?);
    }
    let mut at_start = true;
    for piece in generation.by_ref() {
        let shown = if at_start { piece.trim_start() } else { &piece };
        at_start &= shown.is_empty();
        output.write_all(shown.as_bytes())?;
        output.flush()?;
    }
    Ok(writeln!(output)?)
}

fn tokenize(engine: &Engine, matches: &Matches, output: &mut impl Write) -> Result {
    let tokens = engine.tokenize(&prompt(matches)?);
    if matches.has("json") {
        let (ids, texts): (Vec<_>, Vec<_>) = tokens.into_iter().unzip();
        let object = Object::new().with("ids", ids).with("texts", texts);
        return Ok(writeln!(output, "{}", Value::from(object))?);
    }
    for (id, text) in tokens {
        writeln!(output, "{id:>6}  {}", Value::from(text))?;
    }
    Ok(())
}

fn info(engine: &Engine, matches: &Matches, output: &mut impl Write) -> Result {
    let facts = describe(&engine.info());
    if matches.has("json") {
        return Ok(writeln!(output, "{}", Value::from(facts).to_pretty())?);
    }
    for (name, value) in facts.iter() {
        match value.as_str() {
            Some(text) => writeln!(output, "{name:<20} {text}")?,
            None => writeln!(output, "{name:<20} {value}")?,
        }
    }
    Ok(())
}

#[cfg(feature = "bench")]
fn bench(engine: &Engine, request: &Request, matches: &Matches, output: &mut impl Write) -> Result {
    let runs = matches.value("runs")?.unwrap_or(100);
    let prompt = matches.text("prompt").unwrap_or("The bees").to_owned();
    let request = Request {
        prompt,
        ..request.clone()
    };
    let report = rbee_bench::Report::measure(engine, &request, runs)?;
    Ok(write!(output, "{report}")?)
}

fn prompt(matches: &Matches) -> Result<String> {
    if let Some(prompt) = matches.text("prompt") {
        return Ok(prompt.to_owned());
    }
    let mut input = io::stdin().lock();
    if input.is_terminal() {
        eprintln!("Type a prompt and end it with Ctrl+D:");
    }
    let mut bytes = Vec::new();
    input.read_to_end(&mut bytes)?;
    Ok(String::from_utf8(bytes).map_err(|_| "the prompt is not UTF-8")?)
}
