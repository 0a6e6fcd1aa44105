//! Faults that a query asks for, for trying by hand how the page bears them (`cargo xtask serve --faults`).

use super::hold::Hold;
use super::http::{parse_query, Request};
use super::reply::Reply;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// What can be asked for, for the command's help.
pub const HELP: &str = "\
?cut=N        the connection ends after N bytes of the body
?rate=N       N bytes a second
?delay=N      the answer begins N milliseconds later
?stall=N      nothing more comes after N bytes of the body
?status=N     this status instead, without the body
?whole        no ranges are given
?etag=TEXT    another ETag
?redirect=URL goes there (302)
?times=N      only the first N requests of this address go wrong";

/// How often each address went wrong.
#[derive(Default)]
pub struct Faults {
    counts: Mutex<HashMap<String, u64>>,
}

impl Faults {
    /// The reply with what the request's query asks for.
    pub fn apply(&self, request: &Request, mut reply: Reply) -> Reply {
        let fields = parse_query(request.query()).unwrap_or_default();
        let number = |name: &str| {
            let value = fields.iter().find(|(known, _)| known == name);
            value.and_then(|(_, value)| value.parse::<u64>().ok())
        };
        if number("times").is_some_and(|times| self.count(&request.target) > times) {
            return reply;
        }
        if let Some(delay) = number("delay") {
            thread::sleep(Duration::from_millis(delay));
        }
        for (name, value) in &fields {
            match (&**name, number(name)) {
                ("cut", Some(bytes)) => reply.delivery.cut = Some(bytes),
                ("rate", Some(rate)) => reply.delivery.rate = Some(rate),
                ("stall", Some(bytes)) => {
                    reply.delivery.hold = Some((bytes, Arc::new(Hold::default())));
                }
                ("status", Some(status)) => {
                    reply = Reply::short(status as u16, reply.headers);
                    reply.headers.retain(|(name, _)| name != "ETag");
                }
                ("whole", _) => reply.ranges = false,
                ("etag", _) => {
                    reply.headers.retain(|(name, _)| name != "ETag");
                    reply.headers.push(("ETag".into(), format!("\"{value}\"")));
                }
                ("redirect", _) => {
                    reply = Reply::empty(302, reply.headers);
                    reply.headers.push(("Location".into(), value.clone()));
                }
                _ => {}
            }
        }
        reply
    }

    /// The how manieth request of this address it is, from 1.
    fn count(&self, target: &str) -> u64 {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(target.to_owned()).or_default();
        *count += 1;
        *count
    }
}
