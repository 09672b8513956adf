//! Lines of configuration without what people noted in them.

/// The text with as many lines as before; those that begin with a mark of a comment are empty.
pub(super) fn drop(text: &str) -> String {
    let keep = |line: &str| match line.trim_start().starts_with(['#', ';']) {
        true => "\n".to_owned(),
        false => format!("{line}\n"),
    };
    text.lines().map(keep).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_stays_on_its_line() {
        assert_eq!(drop("# ours\n ; old\nvm.a = 1 # x\n"), "\n\nvm.a = 1 # x\n");
    }
}
