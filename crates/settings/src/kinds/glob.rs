//! glob(7): patterns over paths, in which no wildcard crosses a slash.

/// Whether a key or name is a pattern at all (systemd, src/basic/glob-util.c, `string_is_glob`).
pub(crate) fn is_pattern(text: &str) -> bool {
    text.contains(['*', '?', '['])
}

/// Whether `text` matches `pattern`.
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    let characters = |text: &str| text.chars().collect::<Vec<char>>();
    glob(&characters(pattern), &characters(text))
}

fn glob(pattern: &[char], text: &[char]) -> bool {
    match pattern.first() {
        None => text.is_empty(),
        Some('*') => {
            let reach = text.iter().take_while(|c| **c != '/').count();
            (0..=reach).any(|taken| glob(&pattern[1..], &text[taken..]))
        }
        Some('?') => text.first().is_some_and(|c| *c != '/') && glob(&pattern[1..], &text[1..]),
        Some('[') => match (pattern.iter().position(|c| *c == ']'), text.first()) {
            (Some(end), Some(c)) if *c != '/' => {
                in_class(&pattern[1..end], *c) && glob(&pattern[end + 1..], &text[1..])
            }
            _ => false,
        },
        Some(c) => text.first() == Some(c) && glob(&pattern[1..], &text[1..]),
    }
}

fn in_class(class: &[char], c: char) -> bool {
    let (negated, class) = match class.first() {
        Some('!' | '^') => (true, &class[1..]),
        _ => (false, class),
    };
    let mut found = false;
    let mut at = 0;
    while at < class.len() {
        if at + 2 < class.len() && class[at + 1] == '-' {
            found |= (class[at]..=class[at + 2]).contains(&c);
            at += 3;
        } else {
            found |= class[at] == c;
            at += 1;
        }
    }
    found != negated
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_wildcard_crosses_a_slash() {
        assert!(matches(
            "net/ipv4/conf/*/rp_filter",
            "net/ipv4/conf/all/rp_filter"
        ));
        assert!(!matches("net/*/rp_filter", "net/ipv4/conf/all/rp_filter"));
        assert!(matches("net/ipv[46]/co?f/[!l]*/x", "net/ipv6/conf/all/x"));
        assert!(!matches("net/ipv[46]/conf/[!l]*/x", "net/ipv6/conf/lo/x"));
        assert!(!matches("net/ipv4/[x", "net/ipv4/[x"));
    }
}
