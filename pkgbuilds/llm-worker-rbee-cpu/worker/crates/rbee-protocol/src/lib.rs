//! The worker protocol: JSON, one message a line.
//!
//! The owner of a worker writes requests to its standard input and reads events from its
//! standard output. Every event carries the `id` of its request. A line that cannot be
//! understood is answered with an `error` event, and the worker goes on with the next.
//!
//! | `op` | other members | events |
//! | --- | --- | --- |
//! | `generate` | `prompt`, `max_tokens`, `stop`, `stream`, sampler settings | `token`..., `done` |
//! | `tokenize` | `text` | `tokens` |
//! | `info` | | `info` |
//! | `ping` | | `pong` |
//! | `shutdown` | | `bye`, then the worker ends |

mod message;
mod report;
mod serve;

pub use message::{Message, MessageError, Op};
pub use report::{describe, summarize};
pub use serve::serve;
