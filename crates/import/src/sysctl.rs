//! sysctl.d files: `key = value`, one a line (sysctl.d(5), sysctl.conf(5)).

use crate::collected::Collected;
use crate::text::{Text, blanks, clip};
use model::{Rejection, Span};

pub(crate) fn read(text: &Text, collected: &mut Collected) {
    for (span, line) in text.said() {
        assignment(line, &span, collected);
    }
}

/// One `key=value`, of a file or of `sysctl -w`.
pub(crate) fn assignment(text: &str, span: &Span, collected: &mut Collected) {
    let gap = |message: String| Rejection::new(span, message);
    let Some((key, value)) = text.split_once('=') else {
        return collected.gap(gap(format!("`{}` sets nothing: it has no `=`", clip(text))));
    };
    let (key, value) = (key.trim(), effective(value));
    if key.is_empty() || value.is_empty() {
        return collected.gap(gap(format!("`{}` has an empty side", clip(text))));
    }
    collected.exact(("sysctl", None), key, &value, span.clone());
}

/// The value that the kernel takes. sysctl(8) and systemd-sysctl hand over the whole line, comment
/// included, and the kernel reads numbers up to the first thing that is none (kernel/sysctl.c,
/// proc_get_long); a key of text would get the comment too, so there it stays and is refused.
fn effective(value: &str) -> String {
    let value = blanks(value);
    let comment = value.find(" #").or_else(|| value.find(" ;"));
    match comment.map(|at| &value[..at]) {
        Some(before) if is_numbers(before) => before.to_owned(),
        _ => value,
    }
}

fn is_numbers(text: &str) -> bool {
    let number = |word: &str| {
        let digits = word.strip_prefix('-').unwrap_or(word);
        let hole = digits.chars().all(crate::holes::is_hole);
        !digits.is_empty() && (hole || digits.bytes().all(|byte| byte.is_ascii_digit()))
    };
    !text.is_empty() && text.split(' ').all(number)
}

/// Whether a file without a telling name reads like one of these.
pub(crate) fn looks_like(text: &Text) -> bool {
    let mut lines = text.said().peekable();
    lines.peek().is_some()
        && lines.all(|(_, line)| {
            let key = line.split_once('=').map_or("", |(key, _)| key.trim());
            let name = |c: char| c.is_ascii_alphanumeric() || "._-/*@".contains(c);
            key.contains(['.', '/']) && key.chars().all(name)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> Vec<String> {
        let mut collected = Collected::default();
        read(&Text::of("99-a.conf", text.as_bytes()), &mut collected);
        let imported = collected.finish();
        let entries = imported.entries.iter();
        let mut said: Vec<String> = entries
            .map(|entry| format!("{} {}={}", entry.span, entry.key, entry.value))
            .collect();
        said.extend(imported.unexpressed.iter().map(ToString::to_string));
        said
    }

    #[test]
    fn lines_are_read_as_the_kernel_gets_them() {
        let text = "# a\n;b\n\n net.ipv4.tcp_mem =\t1  2\t3 \n-vm.swappiness=5 # late\nvm.x\n";
        assert_eq!(
            values(text),
            [
                "99-a.conf:4 net.ipv4.tcp_mem=exact 1 2 3",
                "99-a.conf:5 -vm.swappiness=exact 5",
                "99-a.conf:6: `vm.x` sets nothing: it has no `=`",
            ]
        );
    }

    #[test]
    fn a_comment_behind_text_is_part_of_the_text() {
        let text = "kernel.core_pattern = core # here";
        assert_eq!(
            values(text),
            ["99-a.conf:1 kernel.core_pattern=exact core # here"]
        );
    }
}
