//! Which values systemd takes for a limit: the others it complains about and ignores, and an empty
//! one takes back what was said before, where the key knows that.

use model::Shape;

/// What an assignment comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Said {
    /// A value.
    Value,
    /// The default again.
    Reset,
    /// Nothing: the line is ignored.
    Refused,
}

/// Whether systemd takes `value` for `key`. Limits of processes cannot be taken back
/// (src/shared/conf-parser.c and src/core/load-fragment.c: `config_parse_rlimit`,
/// `config_parse_tasks_max`, `config_parse_memory_limit`).
pub(crate) fn said(key: &str, shape: &Shape, value: &str) -> Said {
    let is_limit = key.starts_with("Limit") || key.starts_with("DefaultLimit");
    if value.is_empty() {
        return if is_limit { Said::Refused } else { Said::Reset };
    }
    let share = value.strip_suffix('%').or_else(|| value.strip_suffix('‰'));
    if let Some(share) = share.filter(|_| !is_limit) {
        let number = share.trim_end_matches('.').parse::<f64>();
        return match number {
            Ok(number) if (0.0..=100.0).contains(&number) => Said::Value,
            _ => Said::Refused,
        };
    }
    let zero = value.parse() == Ok(0) && key.ends_with("TasksMax");
    // Times and sizes with units that are not read here may be right all the same.
    let unread = is_limit && !value.starts_with(|c: char| c.is_ascii_alphabetic());
    match shape.observe(value) {
        _ if zero => Said::Refused,
        Ok(_) => Said::Value,
        Err(_) if unread => Said::Value,
        Err(_) => Said::Refused,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::unit_keys::row;

    #[test]
    fn wrong_values_are_ignored_and_empty_ones_take_back_what_can_be() {
        let of = |key: &str, value: &str| said(key, &row(key).unwrap().shape, value);
        assert_eq!(of("TasksMax", "5000"), Said::Value);
        assert_eq!(of("TasksMax", "infinity"), Said::Value);
        assert_eq!(of("TasksMax", "15%"), Said::Value);
        assert_eq!(of("TasksMax", ""), Said::Reset);
        for value in ["0", "many", "101%"] {
            assert_eq!(of("TasksMax", value), Said::Refused, "{value}");
        }
        assert_eq!(of("LimitNOFILE", "1024:2048"), Said::Value);
        assert_eq!(of("LimitNOFILE", ""), Said::Refused);
        assert_eq!(of("LimitNOFILE", "lots"), Said::Refused);
    }
}
