//! Tells the program which features it was built with, for `--version`.

use std::env;

const FEATURES: [&str; 2] = ["bench", "large"];

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let variable = |feature: &str| format!("CARGO_FEATURE_{}", feature.to_uppercase());
    let enabled: Vec<&str> = FEATURES
        .into_iter()
        .filter(|feature| env::var_os(variable(feature)).is_some())
        .collect();
    let features = if enabled.is_empty() {
        "none".to_owned()
    } else {
        enabled.join(", ")
    };
    println!("cargo:rustc-env=RBEE_ENABLED_FEATURES={features}");
}
