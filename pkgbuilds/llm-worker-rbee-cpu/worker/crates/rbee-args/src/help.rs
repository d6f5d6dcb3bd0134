use std::fmt::Write;

use crate::{Opt, Program};

impl Program {
    /// The text of `--help`.
    pub fn help(&self) -> String {
        let commands = self.commands.iter().map(|c| (c.name.to_owned(), c.about));
        let options = self.options.iter().map(|o| (label(o), o.about));
        let usage = if self.commands.is_empty() {
            ""
        } else {
            " [COMMAND]"
        };
        let mut text = format!("{}\n\nUsage: {} [OPTIONS]{usage}\n", self.about, self.name);
        section(&mut text, "Commands", &commands.collect::<Vec<_>>());
        section(&mut text, "Options", &options.collect::<Vec<_>>());
        text
    }
}

fn label(option: &Opt) -> String {
    let short = option
        .short
        .map_or_else(|| "    ".to_owned(), |letter| format!("-{letter}, "));
    let value = option
        .value
        .map_or_else(String::new, |name| format!(" {name}"));
    format!("{short}--{}{value}", option.long)
}

fn section(text: &mut String, title: &str, rows: &[(String, &str)]) {
    let Some(width) = rows.iter().map(|(label, _)| label.len()).max() else {
        return;
    };
    write!(text, "\n{title}:\n").expect("a String takes any text");
    for (label, about) in rows {
        writeln!(text, "  {label:width$}  {about}").expect("a String takes any text");
    }
}
