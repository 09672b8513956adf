//! A sysctl's value as the kernel reads it from a file below `/proc/sys`.

use model::{Form, Shape};

/// A value as the kernel reads it: hexadecimal after `0x`, octal after `0`, and no sizes
/// (kernel/sysctl.c, `proc_get_long`; lib/kstrtox.c); or why it reads none.
pub(crate) fn as_the_kernel_reads(shape: &Shape, text: &str) -> Result<String, String> {
    if shape.form == Form::Text {
        return Ok(text.to_owned());
    }
    let word = |word: &str| {
        let (sign, digits) = match word.strip_prefix('-') {
            Some(digits) => ("-", digits),
            None => ("", word),
        };
        let number = match digits.as_bytes() {
            [b'0', b'x' | b'X', ..] => u64::from_str_radix(&digits[2..], 16),
            [b'0', _, ..] => u64::from_str_radix(digits, 8),
            _ => digits.parse::<u64>(),
        };
        match number {
            Ok(number) => Ok(format!("{sign}{number}")),
            Err(_) => Err(format!("`{word}` is no number to the kernel")),
        }
    };
    let words: Result<Vec<_>, _> = text.split_whitespace().map(word).collect();
    Ok(words?.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::sysctl_row;

    #[test]
    fn numbers_are_read_as_the_kernel_reads_them() {
        let shape = sysctl_row("vm.swappiness").unwrap().shape;
        let read = |text: &str| as_the_kernel_reads(&shape, text);
        assert_eq!(read("0x10").unwrap(), "16");
        assert_eq!(read("010").unwrap(), "8");
        assert_eq!(read(" 1\t-2 ").unwrap(), "1 -2");
        assert!(read("1K").is_err());
        assert_eq!(as_the_kernel_reads(&Shape::TEXT, "a 4M").unwrap(), "a 4M");
    }
}
