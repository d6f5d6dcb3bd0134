/// What a program understands.
#[derive(Debug, Clone, Copy)]
pub struct Program {
    /// Its name, as in the usage line.
    pub name: &'static str,
    /// One sentence on what it does.
    pub about: &'static str,
    /// Its commands, if it has any.
    pub commands: &'static [Command],
    /// Its options.
    pub options: &'static [Opt],
}

/// A command.
#[derive(Debug, Clone, Copy)]
pub struct Command {
    /// Its name.
    pub name: &'static str,
    /// What it does, in a few words.
    pub about: &'static str,
}

/// An option.
#[derive(Debug, Clone, Copy)]
pub struct Opt {
    /// Its long name, without dashes.
    pub long: &'static str,
    /// Its one-letter name.
    pub short: Option<char>,
    /// The placeholder of its value, if it takes one.
    pub value: Option<&'static str>,
    /// What it does, in a few words.
    pub about: &'static str,
}
