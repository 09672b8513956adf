//! What one user may have of the bus is part of what all may have.

use super::Rule;
use super::fault::Fault;
use super::view::{View, numbers, settle};
use model::Quantity;

pub(super) const RULE: Rule = Rule {
    id: "dbus-connections",
    summary: "max_connections_per_user is at most max_completed_connections, which is 2048 unless set",
    source: "dbus-daemon(1), LIMITS; dbus bus/config-parser.c, bus/connection.c bus_connections_check_limits",
    judge,
};

const DEFAULT: i128 = 2048;

fn judge(view: &View<'_>) -> Vec<Fault> {
    let user = view.side("dbus", "max_connections_per_user");
    let all = view.side("dbus", "max_completed_connections");
    if all.setting.is_none() {
        let wanted = user
            .promised()
            .filter(|wanted| *wanted > Quantity::Finite(DEFAULT));
        let told = wanted.map(|wanted| {
            let message = format!(
                "{wanted} connections of one user come to no more than max_completed_connections, \
                 {DEFAULT} unless somebody sets it"
            );
            Fault::note(&[&user], message).help("set max_completed_connections too")
        });
        return told.into_iter().collect();
    }
    let judged = numbers(&user, &all).map(|both| {
        let (one, most) = both?;
        let message = format!("{} is more than {}", user.told(), all.told());
        (one > most).then(|| Fault::broken(&[&user, &all], message))
    });
    settle(judged).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{number, told};
    use super::RULE;
    use model::Shape;

    #[test]
    fn one_user_is_part_of_all() {
        let shape = Shape::ceiling(1, i128::from(i32::MAX));
        let user = |value| number("dbus", "max_connections_per_user", shape, value);
        let all = |value| number("dbus", "max_completed_connections", shape, value);
        assert_eq!(told(RULE.id, None, &[user("2048")]), [""; 0]);
        assert!(told(RULE.id, None, &[user("4096")])[0].starts_with("met: "));
        assert_eq!(told(RULE.id, None, &[user("4096"), all("4096")]), [""; 0]);
        assert!(told(RULE.id, None, &[user("4096"), all("4095")])[0].starts_with("drifted: "));
    }
}
