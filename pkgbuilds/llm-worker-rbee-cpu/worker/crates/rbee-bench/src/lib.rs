//! Measures how fast a worker generates.

mod samples;

use std::fmt;
use std::time::{Duration, Instant};

use rbee_engine::{Engine, Request};

pub use samples::Samples;

/// What a measurement found.
#[derive(Debug, Clone)]
pub struct Report {
    /// How many tokens were generated in all.
    pub tokens: usize,
    /// How long each whole answer took.
    pub answers: Samples,
    /// How long the first piece of each answer took.
    pub first_pieces: Samples,
}

impl Report {
    /// Answers `request` as often as `runs`, each time with the next seed.
    ///
    /// # Errors
    /// If a setting is out of its range.
    pub fn measure(
        engine: &Engine,
        request: &Request,
        runs: usize,
    ) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        let mut request = request.clone();
        let mut report = Self {
            tokens: 0,
            answers: Samples::new(),
            first_pieces: Samples::new(),
        };
        for _ in 0..runs {
            let start = Instant::now();
            let mut generation = engine.generate(&request)?;
            generation.next();
            report.first_pieces.add(start.elapsed());
            report.tokens += generation.run().completion_tokens;
            report.answers.add(start.elapsed());
            request.settings.seed = request.settings.seed.wrapping_add(1);
        }
        Ok(report)
    }

    /// Generated tokens a second.
    pub fn tokens_per_second(&self) -> f64 {
        let seconds = self.answers.total().as_secs_f64();
        if seconds > 0.0 {
            self.tokens as f64 / seconds
        } else {
            0.0
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} answers, {} tokens", self.answers.len(), self.tokens)?;
        writeln!(f, "{:.0} tokens/s", self.tokens_per_second())?;
        for (name, samples) in [
            ("first piece", &self.first_pieces),
            ("answer", &self.answers),
        ] {
            write!(f, "{name:<12}")?;
            for percent in [50, 95, 100] {
                let value = samples.percentile(percent).unwrap_or(Duration::ZERO);
                write!(f, "  p{percent} {:>8.3} ms", value.as_secs_f64() * 1e3)?;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_run_is_counted() {
        let engine = Engine::embedded().unwrap();
        let request = Request {
            max_tokens: 4,
            ..Request::default()
        };
        let report = Report::measure(&engine, &request, 5).unwrap();
        assert_eq!((report.answers.len(), report.first_pieces.len()), (5, 5));
        assert!((1..=20).contains(&report.tokens));
        assert!(report.first_pieces.total() <= report.answers.total());
        assert!(report.to_string().starts_with("5 answers, "));
    }

    #[test]
    fn no_run_gives_an_empty_report() {
        let engine = Engine::embedded().unwrap();
        let report = Report::measure(&engine, &Request::default(), 0).unwrap();
        assert_eq!(report.tokens_per_second(), 0.0);
    }
}
