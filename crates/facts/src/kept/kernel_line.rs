//! The kernel's command line: only the words that say what a boot loads and sets.

/// How these words begin (kernel-parameters.txt, kernel-command-line(7)).
const BEGIN: [&str; 7] = [
    "cgroup",
    "modprobe.blacklist=",
    "module_blacklist=",
    "modules_load=",
    "modules-load=",
    "rd.",
    "sysctl.",
];

/// Those words, in their order.
pub(super) fn keep(text: &str) -> String {
    let kept = |word: &&str| BEGIN.iter().any(|begin| word.starts_with(begin));
    let words: Vec<&str> = text.split_whitespace().filter(kept).collect();
    format!("{}\n", words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_boot_loads_stays() {
        let line = "root=UUID=1 token=secret modules_load=a sysctl.vm.swappiness=1 quiet\n";
        assert_eq!(keep(line), "modules_load=a sysctl.vm.swappiness=1\n");
    }
}
