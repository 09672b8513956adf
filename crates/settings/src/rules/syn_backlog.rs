//! A listener's queue ends at somaxconn, whatever tcp_max_syn_backlog says.

use super::Rule;
use super::fault::Fault;
use super::view::{View, numbers, settle};

pub(super) const RULE: Rule = Rule {
    id: "syn-backlog-somaxconn",
    summary: "net.ipv4.tcp_max_syn_backlog is at most net.core.somaxconn",
    source: "include/net/inet_connection_sock.h inet_csk_reqsk_queue_is_full (against the backlog of listen(2), which somaxconn caps); net/ipv4/tcp_input.c tcp_conn_request",
    judge,
};

fn judge(view: &View<'_>) -> Vec<Fault> {
    let syn = view.sysctl("net.ipv4.tcp_max_syn_backlog");
    let listen = view.sysctl("net.core.somaxconn");
    let judged = numbers(&syn, &listen).map(|both| {
        let (wanted, most) = both?;
        let wanted = syn.promised().unwrap_or(wanted);
        let message = format!(
            "net.ipv4.tcp_max_syn_backlog {wanted} comes to no more than {}",
            listen.told()
        );
        (wanted > most).then(|| Fault::note(&[&syn, &listen], message))
    });
    settle(judged).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{settings, told};
    use super::RULE;

    #[test]
    fn a_longer_queue_of_halves_is_a_note() {
        let queues = |syn, listen| {
            settings(&[
                ("net.ipv4.tcp_max_syn_backlog", syn),
                ("net.core.somaxconn", listen),
            ])
        };
        assert_eq!(told(RULE.id, None, &queues("81920", "81920")), [""; 0]);
        assert!(told(RULE.id, None, &queues("81921", "81920"))[0].starts_with("met: "));
    }
}
