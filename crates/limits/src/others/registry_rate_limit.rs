//! `registry.rate-limit`: pulls that a registry allows.

use model::{Effect, Limit, Sign};

pub(super) const LIMIT: Limit = Limit {
    id: "registry.rate-limit",
    bounds: "pulls that a registry allows",
    defaults: &[],
    effect: Effect::Stops,
    why: "hosts that pull the same image many times, or share one address, use up a quota",
    raise: &[],
    source: "docs.docker.com Docker Hub usage and limits; the registry answers 429",
    signs: &[Sign::decides("the registry says it").says(&[
        "toomanyrequests",
        "too many requests",
        "pull rate limit",
        "rate exceeded",
        "rate limit exceeded",
        "rate limit",
        "429 too many",
        "unauthenticated pull",
        "pull qps exceeded",
        "ratelimit",
        "download rate limit",
        "status code 429",
        "status: 429",
    ])],
};
