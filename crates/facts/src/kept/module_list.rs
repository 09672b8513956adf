//! Which kernel module needs which: names alone, and only of those that need one.

/// The lines of modules.dep(5) without folders.
pub(super) fn keep(text: &str) -> String {
    let name = |path: &str| path.rsplit('/').next().unwrap_or(path).to_owned();
    let lines = text.lines().filter_map(|line| line.split_once(':'));
    let lines = lines.filter(|(_, needs)| !needs.trim().is_empty());
    lines
        .map(|(user, needs)| {
            let needs: Vec<String> = needs.split_whitespace().map(name).collect();
            format!("{}: {}\n", name(user), needs.join(" "))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_needs_nobody_is_left_out() {
        let text = "kernel/a/x.ko.xz: kernel/b/y.ko.xz kernel/b/z.ko\nkernel/b/y.ko.xz:\n";
        assert_eq!(keep(text), "x.ko.xz: y.ko.xz z.ko\n");
    }
}
