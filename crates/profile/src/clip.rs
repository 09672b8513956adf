//! Clipping: what a message quotes of a profile is short enough to read.

const LONGEST: usize = 48;

/// `text`, or its beginning and an ellipsis: a line may be four thousand bytes, a sentence may not.
pub(crate) fn clip(text: &str) -> String {
    let mut clipped: String = text.chars().take(LONGEST).map(plain).collect();
    if text.chars().nth(LONGEST).is_some() {
        clipped.push('…');
    }
    clipped
}

/// A tab would widen the message and, in aligned output, the column.
fn plain(character: char) -> char {
    if character == '\t' { ' ' } else { character }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_text_is_cut_between_characters() {
        assert_eq!(clip("vm.swappiness\t5"), "vm.swappiness 5");
        assert_eq!(clip(&"é".repeat(500)).chars().count(), LONGEST + 1);
    }
}
