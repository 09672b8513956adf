//! `registry.rate-limit`: pulls that a registry allows.

use model::{Effect, Limit, Sign};

pub(super) const LIMIT: Limit = Limit {
    id: "registry.rate-limit",
    bounds: "pulls that a registry allows",
    defaults: &[
        "Docker Hub: 100 pulls in 6 hours from one address without an account \
         (docs.docker.com/docker-hub/usage); other registries have bounds of their own",
    ],
    effect: Effect::Stops,
    why: "each pull of an image that is not there yet asks for its manifest; hundreds of nodes that pull \
          for themselves, DinD above all, use up one address's share",
    raise: &[],
    source: "docs.docker.com/docker-hub/usage; the registry answers 429, toomanyrequests",
    signs: &[Sign::decides("the registry says it")
        .says(&[
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
        ])
        // The kernel bounds its own lines too (net/core/utils.c net_ratelimit).
        .never(&["net_ratelimit", "callbacks suppressed"])],
};
