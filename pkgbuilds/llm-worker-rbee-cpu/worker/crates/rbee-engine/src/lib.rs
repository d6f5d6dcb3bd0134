//! Turns a prompt into a stream of text.

mod engine;
mod generation;
mod request;
mod stop;

pub use engine::Engine;
pub use generation::{Finish, Generation, Summary};
pub use rbee_model::Info;
pub use request::Request;

#[cfg(test)]
mod tests {
    use super::*;
    use rbee_sampler::Settings;

    fn engine() -> Engine {
        Engine::embedded().unwrap()
    }

    fn request(prompt: &str) -> Request {
        Request {
            prompt: prompt.to_owned(),
            ..Request::default()
        }
    }

    #[test]
    fn equal_requests_get_equal_answers() {
        let engine = engine();
        let first = engine.generate(&request("The bees")).unwrap().run();
        let second = engine.generate(&request("The bees")).unwrap().run();
        assert_eq!(first, second);
        assert!(!first.text.is_empty());
    }

    #[test]
    fn another_seed_gets_another_answer() {
        let engine = engine();
        let with_seed = |seed| {
            let mut request = request("The bees");
            request.settings.seed = seed;
            engine.generate(&request).unwrap().run().text
        };
        assert_ne!(with_seed(1), with_seed(2));
    }

    #[test]
    fn the_pieces_of_a_stream_are_the_text() {
        let engine = engine();
        let mut generation = engine.generate(&request("A build")).unwrap();
        let pieces: Vec<String> = generation.by_ref().collect();
        assert!(pieces.len() > 3);
        assert!(pieces.iter().all(|piece| !piece.is_empty()));
        assert_eq!(pieces.concat(), generation.summary().text);
    }

    #[test]
    fn no_more_tokens_than_asked_for_are_made() {
        let engine = engine();
        for max_tokens in [0, 1, 7] {
            let request = Request {
                max_tokens,
                ..request("The keeper")
            };
            let summary = engine.generate(&request).unwrap().run();
            assert_eq!(summary.finish, Finish::Length);
            assert_eq!(summary.completion_tokens, max_tokens);
        }
    }

    #[test]
    fn a_stop_text_ends_the_answer_and_is_not_shown() {
        let engine = engine();
        let whole = engine.generate(&request("The hive")).unwrap().run().text;
        let stop: String = whole.chars().skip(5).take(4).collect();
        let request = Request {
            stop: vec![stop.clone()],
            ..request("The hive")
        };
        let summary = engine.generate(&request).unwrap().run();
        assert_eq!(summary.finish, Finish::Stop);
        assert_eq!(summary.text, whole.split(&stop).next().unwrap());
    }

    #[test]
    fn an_answer_ends_by_itself_if_there_is_room() {
        let engine = engine();
        let request = Request {
            max_tokens: 5_000,
            settings: Settings {
                repeat_penalty: 1.0,
                ..Settings::default()
            },
            ..request("The market")
        };
        let summary = engine.generate(&request).unwrap().run();
        assert_eq!(summary.finish, Finish::End);
        assert!(summary.text.ends_with('.'), "{}", summary.text);
    }

    #[test]
    fn any_prompt_is_answered() {
        let engine = engine();
        for prompt in ["", " ", "\u{1f41d}\u{1f41d}", "qzx%\u{0}", "\n\n"] {
            let summary = engine.generate(&request(prompt)).unwrap().run();
            assert!(summary.completion_tokens > 0, "{prompt:?}");
        }
    }

    #[test]
    fn wrong_settings_are_refused_before_any_token() {
        let mut request = request("x");
        request.settings.temperature = -1.0;
        let error = engine().generate(&request).unwrap_err();
        assert_eq!(error.to_string(), "temperature must be zero or more");
    }
}
